/* Code lists as sorted arrays; the edition of each is in its comment. Sorted by byte value, because they are searched by halving. */
#include "payments/invoice/codelist.h"

/* UNTDID 1001, invoices */
static const char *const invoice_type_codes[] = {
    "102", "130", "202", "203", "204", "211", "218", "219", "295", "325", "326", "331", "380", "382", "383", "384", "385", "386", "387", "388", "389",
    "390", "393", "394", "395", "456", "457", "471", "472", "473", "500", "501", "527", "553", "575", "623", "633", "71", "751", "780", "80", "81",
    "817", "82", "84", "870", "875", "876", "877", "935",
};
const struct code_list code_invoice_type = {invoice_type_codes, sizeof invoice_type_codes / sizeof *invoice_type_codes};

/* UNTDID 1001, credit notes */
static const char *const credit_note_type_codes[] = {
    "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532", "81", "83",
};
const struct code_list code_credit_note_type = {credit_note_type_codes, sizeof credit_note_type_codes / sizeof *credit_note_type_codes};

/* UNTDID 1001, invoices, as Peppol BIS Billing 3.0.21 narrows it */
static const char *const peppol_invoice_type_codes[] = {
    "102", "218", "219", "326", "331", "380", "382", "383", "384", "386", "388", "393", "395", "553", "575", "623", "71", "780", "80", "817", "82",
    "84", "870", "875", "876", "877",
};
const struct code_list code_peppol_invoice_type = {peppol_invoice_type_codes, sizeof peppol_invoice_type_codes / sizeof *peppol_invoice_type_codes};

/* UNTDID 1001, credit notes, as Peppol BIS Billing 3.0.21 narrows it */
static const char *const peppol_credit_note_type_codes[] = {
    "381", "396", "532", "81", "83",
};
const struct code_list code_peppol_credit_note_type = {peppol_credit_note_type_codes, sizeof peppol_credit_note_type_codes / sizeof *peppol_credit_note_type_codes};

/* UNTDID 2005, the part for invoices */
static const char *const tax_point_codes[] = {
    "3", "35", "432",
};
const struct code_list code_tax_point = {tax_point_codes, sizeof tax_point_codes / sizeof *tax_point_codes};

/* UNTDID 5305, the part for invoices */
static const char *const vat_category_codes[] = {
    "AE", "B", "E", "G", "K", "L", "M", "O", "S", "Z",
};
const struct code_list code_vat_category = {vat_category_codes, sizeof vat_category_codes / sizeof *vat_category_codes};

/* UNTDID 4461 (D.24A) */
static const char *const payment_means_codes[] = {
    "1", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "2", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "3", "30", "31",
    "32", "33", "34", "35", "36", "37", "38", "39", "4", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "5", "50", "51", "52", "53",
    "54", "55", "56", "57", "58", "59", "6", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69", "7", "70", "74", "75", "76", "77", "78", "8",
    "9", "91", "92", "93", "94", "95", "96", "97", "98", "ZZZ",
};
const struct code_list code_payment_means = {payment_means_codes, sizeof payment_means_codes / sizeof *payment_means_codes};

/* UNTDID 5189, the part for invoices */
static const char *const allowance_reason_codes[] = {
    "100", "102", "103", "104", "105", "41", "42", "60", "62", "63", "64", "65", "66", "67", "68", "70", "71", "88", "95",
};
const struct code_list code_allowance_reason = {allowance_reason_codes, sizeof allowance_reason_codes / sizeof *allowance_reason_codes};

/* UNTDID 7161 (D.24A) */
static const char *const charge_reason_codes[] = {
    "AA", "AAA", "AAC", "AAD", "AAE", "AAF", "AAH", "AAI", "AAS", "AAT", "AAV", "AAY", "AAZ", "ABA", "ABB", "ABC", "ABD", "ABF", "ABK", "ABL", "ABN",
    "ABR", "ABS", "ABT", "ABU", "ACF", "ACG", "ACH", "ACI", "ACJ", "ACK", "ACL", "ACM", "ACS", "ADC", "ADE", "ADJ", "ADK", "ADL", "ADM", "ADN", "ADO",
    "ADP", "ADQ", "ADR", "ADT", "ADW", "ADY", "ADZ", "AEA", "AEB", "AEC", "AED", "AEF", "AEH", "AEI", "AEJ", "AEK", "AEL", "AEM", "AEN", "AEO", "AEP",
    "AES", "AET", "AEU", "AEV", "AEW", "AEX", "AEY", "AEZ", "AJ", "AU", "CA", "CAB", "CAD", "CAE", "CAF", "CAI", "CAJ", "CAK", "CAL", "CAM", "CAN",
    "CAO", "CAP", "CAQ", "CAR", "CAS", "CAT", "CAU", "CAV", "CAW", "CAX", "CAY", "CAZ", "CD", "CG", "CS", "CT", "DAB", "DAC", "DAD", "DAF", "DAG",
    "DAH", "DAI", "DAJ", "DAK", "DAL", "DAM", "DAN", "DAO", "DAP", "DAQ", "DL", "EG", "EP", "ER", "FAA", "FAB", "FAC", "FC", "FH", "FI", "GAA", "HAA",
    "HD", "HH", "IAA", "IAB", "ID", "IF", "IR", "IS", "KO", "L1", "LA", "LAA", "LAB", "LF", "MAE", "MI", "ML", "NAA", "OA", "PA", "PAA", "PC", "PL",
    "PRV", "RAB", "RAC", "RAD", "RAF", "RE", "RF", "RH", "RV", "SA", "SAA", "SAD", "SAE", "SAI", "SG", "SH", "SM", "SU", "TAB", "TAC", "TT", "TV",
    "V1", "V2", "WH", "XAA", "YY", "ZZZ",
};
const struct code_list code_charge_reason = {charge_reason_codes, sizeof charge_reason_codes / sizeof *charge_reason_codes};

/* VAT exemption reasons (VATEX) */
static const char *const vatex_codes[] = {
    "VATEX-EU-132", "VATEX-EU-132-1A", "VATEX-EU-132-1B", "VATEX-EU-132-1C", "VATEX-EU-132-1D", "VATEX-EU-132-1E", "VATEX-EU-132-1F",
    "VATEX-EU-132-1G", "VATEX-EU-132-1H", "VATEX-EU-132-1I", "VATEX-EU-132-1J", "VATEX-EU-132-1K", "VATEX-EU-132-1L", "VATEX-EU-132-1M",
    "VATEX-EU-132-1N", "VATEX-EU-132-1O", "VATEX-EU-132-1P", "VATEX-EU-132-1Q", "VATEX-EU-135-1", "VATEX-EU-143", "VATEX-EU-143-1A", "VATEX-EU-143-1B",
    "VATEX-EU-143-1C", "VATEX-EU-143-1D", "VATEX-EU-143-1E", "VATEX-EU-143-1F", "VATEX-EU-143-1FA", "VATEX-EU-143-1G", "VATEX-EU-143-1H",
    "VATEX-EU-143-1I", "VATEX-EU-143-1J", "VATEX-EU-143-1K", "VATEX-EU-143-1L", "VATEX-EU-144", "VATEX-EU-146-1E", "VATEX-EU-148", "VATEX-EU-148-A",
    "VATEX-EU-148-B", "VATEX-EU-148-C", "VATEX-EU-148-D", "VATEX-EU-148-E", "VATEX-EU-148-F", "VATEX-EU-148-G", "VATEX-EU-151", "VATEX-EU-151-1A",
    "VATEX-EU-151-1AA", "VATEX-EU-151-1B", "VATEX-EU-151-1C", "VATEX-EU-151-1D", "VATEX-EU-151-1E", "VATEX-EU-153", "VATEX-EU-159", "VATEX-EU-309",
    "VATEX-EU-79-C", "VATEX-EU-AE", "VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-G", "VATEX-EU-I", "VATEX-EU-IC", "VATEX-EU-J", "VATEX-EU-O",
    "VATEX-FR-298SEXDECIESA", "VATEX-FR-AE", "VATEX-FR-CGI261-1", "VATEX-FR-CGI261-2", "VATEX-FR-CGI261-3", "VATEX-FR-CGI261-4", "VATEX-FR-CGI261-5",
    "VATEX-FR-CGI261-7", "VATEX-FR-CGI261-8", "VATEX-FR-CGI261A", "VATEX-FR-CGI261B", "VATEX-FR-CGI261C-1", "VATEX-FR-CGI261C-2",
    "VATEX-FR-CGI261C-3", "VATEX-FR-CGI261D-1", "VATEX-FR-CGI261D-1BIS", "VATEX-FR-CGI261D-2", "VATEX-FR-CGI261D-3", "VATEX-FR-CGI261D-4",
    "VATEX-FR-CGI261E-1", "VATEX-FR-CGI261E-2", "VATEX-FR-CGI275", "VATEX-FR-CGI277A", "VATEX-FR-CGI295", "VATEX-FR-CNWVAT", "VATEX-FR-FRANCHISE",
};
const struct code_list code_vatex = {vatex_codes, sizeof vatex_codes / sizeof *vatex_codes};

/* media types of attachments */
static const char *const mime_codes[] = {
    "application/pdf", "application/vnd.oasis.opendocument.spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "image/jpeg", "image/png", "text/csv",
};
const struct code_list code_mime = {mime_codes, sizeof mime_codes / sizeof *mime_codes};

/* UNTDID 2475, the part for CII invoices */
static const char *const cii_tax_point_codes[] = {"29", "5", "72"};
const struct code_list code_cii_tax_point = {cii_tax_point_codes, sizeof cii_tax_point_codes / sizeof *cii_tax_point_codes};
