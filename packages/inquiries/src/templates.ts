import type { DepartmentTemplates, Language, Split } from './department-templates.ts';
import { account } from './departments/account.ts';
import { billing } from './departments/billing.ts';
import { careers } from './departments/careers.ts';
import { delivery } from './departments/delivery.ts';
import { environment } from './departments/environment.ts';
import { installation } from './departments/installation.ts';
import { loyalty } from './departments/loyalty.ts';
import { maintenance } from './departments/maintenance.ts';
import { parts } from './departments/parts.ts';
import { returns } from './departments/returns.ts';
import { sales } from './departments/sales.ts';
import { wholesale } from './departments/wholesale.ts';

/** A department of the fictional company: what the model answers, and its names on screen. */
export interface Department {
  id: string;
  /** The text that the language model scores, the same for messages of both languages. */
  label: string;
  labelJa: string;
}

/** The departments of the fictional mail-order company for home appliances; first letters differ. */
export const DEPARTMENTS: readonly Department[] = [
  { id: 'account', label: 'account', labelJa: '会員' },
  { id: 'billing', label: 'billing', labelJa: '請求' },
  { id: 'careers', label: 'careers', labelJa: '採用' },
  { id: 'delivery', label: 'delivery', labelJa: '配送' },
  { id: 'environment', label: 'environment', labelJa: '環境' },
  { id: 'installation', label: 'installation', labelJa: '設置' },
  { id: 'loyalty', label: 'loyalty', labelJa: 'ポイント' },
  { id: 'maintenance', label: 'maintenance', labelJa: '修理' },
  { id: 'parts', label: 'parts', labelJa: '部品' },
  { id: 'returns', label: 'returns', labelJa: '返品' },
  { id: 'sales', label: 'sales', labelJa: '商品案内' },
  { id: 'wholesale', label: 'wholesale', labelJa: '法人' },
];

const BY_DEPARTMENT: Record<string, DepartmentTemplates> = {
  account,
  billing,
  careers,
  delivery,
  environment,
  installation,
  loyalty,
  maintenance,
  parts,
  returns,
  sales,
  wholesale,
};

export interface InquiryTemplate {
  /** For example `billing/ja/test/3`. */
  id: string;
  department: string;
  language: Language;
  split: Split;
  /** With slots such as `{product}`. */
  text: string;
}

/** Every template of a split, in a fixed order. The splits are disjoint (tested). */
export function inquiryTemplates(split: Split): InquiryTemplate[] {
  const languages: readonly Language[] = ['en', 'ja'];
  return DEPARTMENTS.flatMap(({ id: department }) =>
    languages.flatMap((language) =>
      (BY_DEPARTMENT[department]?.[language][split] ?? []).map((text, index) => ({
        id: `${department}/${language}/${split}/${index}`,
        department,
        language,
        split,
        text,
      })),
    ),
  );
}
