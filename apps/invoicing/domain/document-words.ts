// The words of a printed document in each of its languages; longer than other files, being one list twice. Written, not
// transliterated; without the marks of vowels, which a printed business letter does not have either.
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';

export type Language = 'en' | 'ar';

export interface Words {
  readonly direction: 'ltr' | 'rtl';
  readonly invoice: string;
  readonly creditNote: string;
  readonly stamps: Readonly<Record<'draft' | 'parked' | 'void' | 'paid', string>>;
  readonly number: string;
  readonly corrects: string;
  readonly issued: string;
  readonly due: string;
  readonly period: string;
  readonly currency: string;
  readonly seller: string;
  readonly billTo: string;
  readonly taxId: string;
  readonly item: string;
  readonly quantity: string;
  readonly price: string;
  readonly amount: string;
  readonly subtotal: string;
  readonly tax: string;
  readonly included: string;
  readonly reverseCharge: string;
  readonly exempt: string;
  readonly credits: string;
  readonly paid: string;
  readonly credited: string;
  readonly total: string;
  readonly amountDue: string;
  readonly fee: string;
  readonly lateUsage: string;
  readonly lateFee: string;
  readonly lateCommitment: string;
  readonly freeCredit: string;
  readonly discount: string;
  readonly commitment: string;
  readonly adapter: string;
  readonly reason: string;
  readonly noLines: string;
  readonly suspense: string;
  readonly rounding: string;
  readonly months: readonly string[];
  readonly pools: Readonly<Record<Quantity, string>>;
  readonly serviceTiers: Readonly<Record<ServiceTier, string>>;
  /** For requests whose input is longer than so many tokens. */
  longInput(this: void, tokens: string): string;
  /** On a line, where there is little room. */
  shortMonth(this: void, month: string): string;
  /** Page 1 of 3. */
  page(this: void, page: number, pages: number): string;
  /** From one instant's text to another's. */
  span(this: void, from: string, to: string): string;
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    direction: 'ltr',
    invoice: 'Invoice',
    creditNote: 'Credit note',
    stamps: { draft: 'Draft', parked: 'Not released', void: 'Void', paid: 'Paid' },
    number: 'Number',
    corrects: 'Corrects invoice',
    issued: 'Issued',
    due: 'Due',
    period: 'Period',
    currency: 'Currency',
    seller: 'From',
    billTo: 'Bill to',
    taxId: 'Tax id',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Per million',
    amount: 'Amount',
    subtotal: 'Subtotal',
    tax: 'Tax',
    included: 'included',
    reverseCharge: 'Reverse charge, the recipient owes the tax',
    exempt: 'Exempt from tax',
    credits: 'Credits applied',
    paid: 'Paid',
    credited: 'Credited',
    total: 'Total',
    amountDue: 'Amount due',
    fee: 'Monthly fee',
    lateUsage: 'Late usage',
    lateFee: 'Late change of the monthly fee',
    lateCommitment: 'Late change of the minimum commitment',
    freeCredit: 'Usage on the free tier, at no charge',
    discount: 'Discounts and caps of the contract',
    commitment: 'Minimum commitment: what usage fell short of',
    adapter: 'adapter',
    reason: 'Reason',
    noLines: 'Nothing was used in this period.',
    suspense: 'Not included, because no price is published for it yet',
    rounding:
      'Times are UTC. Charges are exact; the subtotal is rounded once and its smallest units are given to the lines, so that they sum to it.',
    months: [
      'January',
      'February',
      'March',
      'April',
      'May',
      'June',
      'July',
      'August',
      'September',
      'October',
      'November',
      'December',
    ],
    pools: {
      input: 'Input tokens',
      cached_input: 'Cached input tokens',
      cache_write_5m: 'Cache write tokens, 5 minutes',
      cache_write_1h: 'Cache write tokens, 1 hour',
      output: 'Output tokens',
      reasoning: 'Reasoning tokens',
      audio_input: 'Audio input tokens',
      audio_output: 'Audio output tokens',
      image_input: 'Image input tokens',
      image_output: 'Image output tokens',
      video_input: 'Video input tokens',
      audio_ms: 'Milliseconds of audio',
      characters: 'Characters',
      images: 'Images',
      searches: 'Searches',
    },
    serviceTiers: {
      on_demand: 'on demand',
      flex: 'flex',
      batch: 'batch',
      performance: 'performance',
    },
    longInput: (tokens) => `input above ${tokens} tokens`,
    shortMonth: (month) => month.slice(0, 3),
    page: (page, pages) => `${page} of ${pages}`,
    span: (from, to) => `${from} – ${to}`,
  },
  ar: {
    direction: 'rtl',
    invoice: 'فاتورة',
    creditNote: 'إشعار دائن',
    stamps: { draft: 'مسودة', parked: 'غير معتمدة', void: 'ملغاة', paid: 'مدفوعة' },
    number: 'الرقم',
    corrects: 'تصحيح الفاتورة',
    issued: 'تاريخ الإصدار',
    due: 'تاريخ الاستحقاق',
    period: 'الفترة',
    currency: 'العملة',
    seller: 'المورد',
    billTo: 'العميل',
    taxId: 'الرقم الضريبي',
    item: 'البند',
    quantity: 'الكمية',
    price: 'السعر لكل مليون',
    amount: 'المبلغ',
    subtotal: 'المجموع الفرعي',
    tax: 'الضريبة',
    included: 'مشمولة',
    reverseCharge: 'احتساب عكسي، الضريبة مستحقة على العميل',
    exempt: 'معفاة من الضريبة',
    credits: 'الأرصدة المستخدمة',
    paid: 'المدفوع',
    credited: 'المسترد بإشعار دائن',
    total: 'الإجمالي',
    amountDue: 'المبلغ المستحق',
    fee: 'الرسم الشهري',
    lateUsage: 'استخدام متأخر',
    lateFee: 'تعديل لاحق على الرسم الشهري',
    lateCommitment: 'تعديل لاحق على الحد الأدنى المتفق عليه',
    freeCredit: 'استخدام ضمن الخطة المجانية دون مقابل',
    discount: 'خصومات العقد وحدوده القصوى',
    commitment: 'الحد الأدنى المتفق عليه: ما لم يبلغه الاستخدام',
    adapter: 'المحول',
    reason: 'السبب',
    noLines: 'لا يوجد استخدام في هذه الفترة.',
    suspense: 'غير مشمول لعدم نشر سعر له بعد',
    rounding:
      'الأوقات بالتوقيت العالمي المنسق. تحسب الرسوم بدقة كاملة، ويقرب المجموع الفرعي مرة واحدة ثم توزع أصغر وحداته على البنود بحيث يساوي مجموعها ذلك المجموع.',
    months: [
      'يناير',
      'فبراير',
      'مارس',
      'أبريل',
      'مايو',
      'يونيو',
      'يوليو',
      'أغسطس',
      'سبتمبر',
      'أكتوبر',
      'نوفمبر',
      'ديسمبر',
    ],
    pools: {
      input: 'رموز الإدخال',
      cached_input: 'رموز الإدخال المخزنة مؤقتا',
      cache_write_5m: 'رموز الكتابة في الذاكرة المؤقتة، 5 دقائق',
      cache_write_1h: 'رموز الكتابة في الذاكرة المؤقتة، ساعة',
      output: 'رموز الإخراج',
      reasoning: 'رموز الاستدلال',
      audio_input: 'رموز إدخال الصوت',
      audio_output: 'رموز إخراج الصوت',
      image_input: 'رموز إدخال الصور',
      image_output: 'رموز إخراج الصور',
      video_input: 'رموز إدخال الفيديو',
      audio_ms: 'أجزاء من ألف من ثانية من الصوت',
      characters: 'الأحرف',
      images: 'الصور',
      searches: 'عمليات البحث',
    },
    serviceTiers: {
      on_demand: 'عند الطلب',
      flex: 'مرن',
      batch: 'دفعات',
      performance: 'أداء عال',
    },
    longInput: (tokens) => `إدخال يزيد على ${tokens} رمز`,
    shortMonth: (month) => month,
    page: (page, pages) => `${page} من ${pages}`,
    span: (from, to) => `من ${from} إلى ${to}`,
  },
};
