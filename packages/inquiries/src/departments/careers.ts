import type { DepartmentTemplates } from '../templates.ts';

/** What customers write to the careers department. */
export const careers: DepartmentTemplates = {
  en: {
    train: [
      'I would like to apply for a job in your shop in {place}.',
      'Are you looking for part-time staff?',
      'I sent my resume on {day} and have not heard from you.',
      'Do you offer internships for students in {month}?',
      'Can I move my interview to {day}?',
      'How much is the starting salary?',
      'I have {num} years of experience as an engineer, is there an opening?',
      'Is it possible to work from home at your company?',
      'Do I need a driving licence to work in the warehouse?',
      'I graduate in {month}, when does recruiting start?',
      'Can foreigners apply?',
      'Do you hire people without experience?',
      'How many hours a week is the job in the call centre?',
      'What should I bring to the interview?',
    ],
    validation: [
      'Is the position in {place} still open?',
      'I would like to withdraw my application.',
      'Do you pay for overtime?',
      'Can high school students work at your shop in summer?',
    ],
    test: [
      'I saw your poster that helpers are wanted for weekends.',
      'What pay can a newcomer with {num} years at a rival expect?',
      'Nobody told me how my talk with the manager on {day} went.',
      'I study design and hope to join your team for the summer.',
      'To whom do I mail my CV for the post in {place}?',
      'Is there a shift in the evening for a mother of {num} children?',
    ],
  },
  ja: {
    train: [
      '{place}の店の仕事に応募したいです。',
      'アルバイトは募集していますか。',
      '{day}に履歴書を送りましたが返事がありません。',
      '{month}に学生のインターンはありますか。',
      '面接を{day}に変えられますか。',
      '初任給はいくらですか。',
      '技術者として{num}年働きました。空きはありますか。',
      '在宅で働くことはできますか。',
      '倉庫の仕事に運転免許は要りますか。',
      '{month}に卒業します。採用はいつ始まりますか。',
      '外国人でも応募できますか。',
      '未経験でも雇ってもらえますか。',
      '電話窓口の仕事は週何時間ですか。',
      '面接には何を持っていけばいいですか。',
    ],
    validation: [
      '{place}の求人はまだありますか。',
      '応募を取り下げたいです。',
      '残業代は出ますか。',
      '夏に高校生でも働けますか。',
    ],
    test: [
      '週末の人手を求めているという貼り紙を見た。',
      '同業で{num}年勤めた新人の給料はどれくらいですか。',
      '{day}の店長との面談の結果をまだ聞いていない。',
      'デザインを学んでいて、夏にそちらの仲間に加わりたい。',
      '{place}の職への経歴書は誰あてに送ればよいか。',
      '子どもが{num}人いるが、夜の勤務はありますか。',
    ],
  },
};
