// A UBL 2.1 invoice that fits an order, made by the product's own writer: for stories and for trying things by hand.
//   node tests/e2e/invoice.mjs ORDER LISTING HOURS PRICE DAY [NUMBER] >invoice.xml
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../build/release/marketcross', import.meta.url));
const amount = (pence) => (pence / 100).toFixed(2);

// One line of `hours` at `price` pence. Category O: outside the scope of VAT, as micro-enterprises and the unregistered bill.
export function model({ order, listing, hours, price, day, number }) {
  const net = amount(Math.round(hours * price));
  const seller = { name: 'The provider', address: { city: 'Eastmere', country: 'GB' }, legal_id: { id: '12345678' }, endpoint: { id: 'bills@town.example', scheme: 'EM' } };
  const buyer = { name: 'The council', address: { city: 'Eastmere', country: 'GB' }, endpoint: { id: 'invoices@council.example', scheme: 'EM' } };
  return {
    syntax: 'ubl-invoice', specification: 'urn:cen.eu:en16931:2017', number, issue_date: day, due_date: day, type: '380', currency: 'GBP', order, seller, buyer,
    vat_total: '0.00', vat: [{ taxable: net, tax: '0.00', category: 'O', reason: 'Not registered for VAT' }],
    line_total: net, total_without_vat: net, total_with_vat: net, due: net,
    lines: [{ id: '1', quantity: String(hours), unit: 'HUR', net, period_start: day, period_end: day, name: 'Support', seller_item: listing,
              vat_category: 'O', price: amount(price) }],
  };
}

export function ubl(what) {
  return execFileSync(program, ['invoice', 'write'], { input: JSON.stringify(model(what)), encoding: 'utf8' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [order, listing, hours, price, day, number = `INV-${Date.now()}`] = process.argv.slice(2);
  process.stdout.write(ubl({ order, listing, hours: Number(hours), price: Number(price), day, number }));
}
