import type { DepartmentTemplates } from '../department-templates.ts';

/** What customers write to the careers department. */
export const careers: DepartmentTemplates = {
  en: {
    train: [
      'I saw your poster that helpers are wanted for weekends.',
      'How many hours a week is the job in the call centre?',
      'Is there a shift in the evening for a mother of {num} children?',
      'Is the position in {place} still open?',
      'Do you offer internships for students in {month}?',
      'Is it possible to work from home at your company?',
      'I graduate in {month}, when does recruiting start?',
      'Can foreigners apply?',
      'Are you looking for part-time staff?',
      'What pay can a newcomer with {num} years at a rival expect?',
      'Do you hire people without experience?',
      'To whom do I mail my CV for the post in {place}?',
      'Can high school students work at your shop in summer?',
      'What should I bring to the interview?',
    ],
    validation: [
      'Do I need a driving licence to work in the warehouse?',
      'I have {num} years of experience as an engineer, is there an opening?',
      'Can I move my interview to {day}?',
      'How much is the starting salary?',
    ],
    test: [
      'I would like to withdraw my application.',
      'Nobody told me how my talk with the manager on {day} went.',
      'I study design and hope to join your team for the summer.',
      'Do you pay for overtime?',
      'I sent my resume on {day} and have not heard from you.',
      'I would like to apply for a job in your shop in {place}.',
    ],
  },
  ja: {
    train: [
      'アルバイトは募集していますか。',
      '倉庫の仕事に運転免許は要りますか。',
      '夏に高校生でも働けますか。',
      '外国人でも応募できますか。',
      '{day}に履歴書を送りましたが返事がありません。',
      '{month}に学生のインターンはありますか。',
      '技術者として{num}年働きました。空きはありますか。',
      '面接には何を持っていけばいいですか。',
      '{place}の求人はまだありますか。',
      '初任給はいくらですか。',
      '電話窓口の仕事は週何時間ですか。',
      '在宅で働くことはできますか。',
      '応募を取り下げたいです。',
      'デザインを学んでいて、夏にそちらの仲間に加わりたい。',
    ],
    validation: [
      '{day}の店長との面談の結果をまだ聞いていない。',
      '{place}の職への経歴書は誰あてに送ればよいか。',
      '週末の人手を求めているという貼り紙を見た。',
      '{month}に卒業します。採用はいつ始まりますか。',
    ],
    test: [
      '未経験でも雇ってもらえますか。',
      '残業代は出ますか。',
      '子どもが{num}人いるが、夜の勤務はありますか。',
      '同業で{num}年勤めた新人の給料はどれくらいですか。',
      '{place}の店の仕事に応募したいです。',
      '面接を{day}に変えられますか。',
    ],
  },
};
