import { uniform, uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import type { Language } from './department-templates.ts';

const VALUES: Record<Language, Record<string, readonly string[]>> = {
  en: {
    product:
      'fridge|washing machine|microwave|vacuum cleaner|rice cooker|air conditioner|dishwasher|heater|fan|toaster|television|humidifier|oven|air purifier|coffee maker|freezer'.split(
        '|',
      ),
    day: 'Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|the 3rd|the 14th|the 20th'.split('|'),
    month: 'January|March|April|May|July|September|October|December'.split('|'),
    place: 'Tokyo|Osaka|Kyoto|Sapporo|Nagoya|Fukuoka|Yokohama|Kobe'.split('|'),
    opening: 'Hello,|Good afternoon.|Dear sirs,|Hi there,|To the team:'.split('|'),
    closing: 'Thank you.|Best wishes, Mori|Please reply soon.|Cheers|Sincerely, Abe'.split('|'),
  },
  ja: {
    product:
      '冷蔵庫|洗濯機|電子レンジ|掃除機|炊飯器|エアコン|食洗機|ヒーター|扇風機|トースター|テレビ|加湿器|オーブン|空気清浄機|コーヒーメーカー|冷凍庫'.split(
        '|',
      ),
    day: '月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|3日|14日|20日'.split('|'),
    month: '1月|3月|4月|5月|7月|9月|10月|12月'.split('|'),
    place: '東京|大阪|京都|札幌|名古屋|福岡|横浜|神戸'.split('|'),
    opening: 'こんにちは。|お手数ですが、|初めてご連絡します。|失礼します。|阿部です。'.split('|'),
    closing: 'よろしくお願いします。|ご回答ください。|以上です。|森より|お返事お待ちします。'.split(
      '|',
    ),
  },
};

/** Fills the slots of a message's templates, at times between a greeting and a closing. */
export function writeInquiry(
  random: SeededRandom,
  templates: readonly string[],
  language: Language,
): string {
  const fill = (template: string) =>
    template.replace(/\{(\w+)\}/gu, (_, slot: string) => slotValue(random, slot, language));
  const opening = uniform(random) < 0.3 ? ['{opening}'] : [];
  const closing = uniform(random) < 0.3 ? ['{closing}'] : [];
  return [...opening, ...templates, ...closing].map(fill).join(language === 'en' ? ' ' : '');
}

function slotValue(random: SeededRandom, slot: string, language: Language): string {
  switch (slot) {
    case 'num':
      return String(2 + uniformInt(random, 9));
    case 'order':
      return `${'ABCDEFGH'.charAt(uniformInt(random, 8))}${1000 + uniformInt(random, 9000)}`;
    case 'money': {
      const yen = (5 + uniformInt(random, 500)) * 100;
      return language === 'en' ? `${yen} yen` : `${yen}円`;
    }
    default: {
      const values = VALUES[language][slot];
      if (values === undefined) throw new RangeError(`no values for slot {${slot}}`);
      return values[uniformInt(random, values.length)] ?? '';
    }
  }
}
