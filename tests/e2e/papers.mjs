// The papers that come from outside: a provider's electronic invoice (UBL 2.1, EN 16931) and the bank's statement (camt.053) of a payment file.

const money = (pence) => (pence / 100).toFixed(2);
const party = (name, tax) => `<cac:Party><cac:PartyName><cbc:Name>${name}</cbc:Name></cac:PartyName><cac:PostalAddress><cac:Country><cbc:IdentificationCode>GB</cbc:IdentificationCode></cac:Country></cac:PostalAddress>${
  tax ? `<cac:PartyTaxScheme><cbc:CompanyID>${tax}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>` : ''
}<cac:PartyLegalEntity><cbc:RegistrationName>${name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>`;
const exempt = '<cbc:ID>E</cbc:ID><cbc:Percent>0</cbc:Percent>';
const vat = '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>';

// hours of one order at a price in pence, VAT exempt as welfare services are.
export function ublInvoice({ number, order, issued, from, to, hours, price, service, seller = 'Hearth and Home Care', buyer = 'Eastmere Council' }) {
  const net = money(Math.round(hours * price));
  return `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>${number}</cbc:ID><cbc:IssueDate>${issued}</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>GBP</cbc:DocumentCurrencyCode><cbc:BuyerReference>${order}</cbc:BuyerReference>
<cac:InvoicePeriod><cbc:StartDate>${from}</cbc:StartDate><cbc:EndDate>${to}</cbc:EndDate></cac:InvoicePeriod><cac:OrderReference><cbc:ID>${order}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty>${party(seller, 'GB123456789')}</cac:AccountingSupplierParty><cac:AccountingCustomerParty>${party(buyer)}</cac:AccountingCustomerParty>
<cac:PaymentTerms><cbc:Note>30 days</cbc:Note></cac:PaymentTerms>
<cac:TaxTotal><cbc:TaxAmount currencyID="GBP">0.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="GBP">${net}</cbc:TaxableAmount><cbc:TaxAmount currencyID="GBP">0.00</cbc:TaxAmount><cac:TaxCategory>${exempt}<cbc:TaxExemptionReason>Welfare services</cbc:TaxExemptionReason>${vat}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="GBP">${net}</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="GBP">${net}</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="GBP">${net}</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="GBP">${net}</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="HUR">${hours}</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="GBP">${net}</cbc:LineExtensionAmount><cac:Item><cbc:Name>${service}</cbc:Name><cac:ClassifiedTaxCategory>${exempt}${vat}</cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="GBP">${money(price)}</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>
`;
}

// The day's statement of a bank that booked the whole payment file in one line. opening: pence.
export function camt053(pain, { id, day, opening }) {
  const tag = (name) => pain.match(new RegExp(`<${name}>([^<]*)</${name}>`))[1];
  const total = Math.round(Number(tag('CtrlSum')) * 100);
  const account = pain.match(/<DbtrAgt>[^]*?<MmbId>(\d{6})</)[1] + pain.match(/<DbtrAcct>[^]*?<Othr><Id>(\d+)</)[1];
  const balance = (kind, pence) => `<Bal><Tp><CdOrPrtry><Cd>${kind}</Cd></CdOrPrtry></Tp><Amt Ccy="GBP">${money(pence)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>${day}</Dt></Dt></Bal>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>${id}</MsgId><CreDtTm>${day}T22:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>${id}</Id><CreDtTm>${day}T22:00:00Z</CreDtTm><Acct><Id><Othr><Id>${account}</Id></Othr></Id><Ccy>GBP</Ccy></Acct>
${balance('OPBD', opening)}${balance('CLBD', opening - total)}
<Ntry><Amt Ccy="GBP">${money(total)}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${day}</Dt></BookgDt><ValDt><Dt>${day}</Dt></ValDt><AcctSvcrRef>${id}-1</AcctSvcrRef><BkTxCd/>
<NtryDtls><TxDtls><Refs><MsgId>${tag('MsgId')}</MsgId></Refs><RmtInf><Ustrd>BULK PAYMENT ${tag('MsgId')}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>
`;
}
