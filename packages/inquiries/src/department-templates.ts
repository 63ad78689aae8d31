export type Language = 'en' | 'ja';
export type Split = 'train' | 'validation' | 'test';

/** Message templates of one department; `{slot}` stands for a drawn value. */
export type DepartmentTemplates = Record<Language, Record<Split, readonly string[]>>;
