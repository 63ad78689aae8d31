import { createTheme } from '@mantine/core';
import type { CSSVariablesResolver, MantineColorsTuple } from '@mantine/core';

const pine: MantineColorsTuple = [
  '#eaf6f4',
  '#d3ebe7',
  '#a9d8d1',
  '#7cc4ba',
  '#57b3a7',
  '#3a9c90',
  '#1c7a72',
  '#0f6a63',
  '#0b544f',
  '#073d3a',
];

/** White text on shade 7 (light) and on shade 6 (dark) keeps WCAG AA contrast: 6.4:1 and 5.1:1. */
export const theme = createTheme({
  primaryColor: 'pine',
  primaryShade: { light: 7, dark: 6 },
  colors: { pine },
  black: '#16211f',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", "Noto Sans JP", "Yu Gothic UI", Meiryo, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, monospace',
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '8px', md: '12px', lg: '18px', xl: '26px' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: 'clamp(1.75rem, 1.2rem + 2.2vw, 2.75rem)', lineHeight: '1.15' },
      h2: { fontSize: 'clamp(1.3rem, 1.1rem + 0.8vw, 1.7rem)', lineHeight: '1.25' },
      h3: { fontSize: '1.1rem', lineHeight: '1.35' },
    },
  },
  components: {
    Button: {
      defaultProps: { radius: 'xl' },
      // Long labels wrap instead of being cut: Japanese on a phone needs it.
      styles: {
        root: {
          height: 'auto',
          minHeight: 'var(--button-height)',
          paddingBlock: 4,
          // A link drawn as a button does not centre its label by itself.
          display: 'inline-flex',
          alignItems: 'center',
          justifyContent: 'center',
        },
        label: { whiteSpace: 'normal', lineHeight: 1.35 },
      },
    },
    Badge: { defaultProps: { variant: 'light', radius: 'sm', tt: 'none', fw: 600 } },
    Modal: { defaultProps: { radius: 'lg', centered: true } },
  },
});

/** Mantine's own dimmed, placeholder and light-variant colours fall below AA on our backgrounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--rt-content': '1120px',
  },
  light: {
    '--mantine-color-body': '#f6f5f1',
    '--mantine-color-text': '#16211f',
    '--mantine-color-dimmed': '#52605d',
    '--mantine-color-placeholder': '#66736f',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-pine-light': '#dceeeb',
    '--mantine-color-pine-light-color': '#0b544f',
    '--mantine-color-anchor': '#0b544f',
    '--rt-surface': '#ffffff',
    '--rt-sunken': '#efede6',
    '--rt-line': '#dfdcd2',
    '--rt-accent': '#0f6a63',
    '--rt-accent-soft': '#dceeeb',
    '--rt-me': '#c9700a',
    '--rt-good': '#1c6b3a',
    '--rt-warn': '#8a4b00',
    '--rt-warn-soft': '#fdf0dc',
    '--rt-bad': '#a3231c',
    '--rt-bad-soft': '#fbe9e7',
    '--rt-shadow': '0 1px 2px rgb(30 40 38 / 5%), 0 10px 30px rgb(30 40 38 / 6%)',
  },
  dark: {
    '--mantine-color-body': '#0e1415',
    '--mantine-color-text': '#e8eeec',
    '--mantine-color-dimmed': '#a2b0ad',
    '--mantine-color-placeholder': '#8e9c99',
    '--mantine-color-error': '#ff9a90',
    '--mantine-color-pine-light': '#12302d',
    '--mantine-color-pine-light-color': '#8fd6cb',
    '--mantine-color-anchor': '#7fd0c5',
    '--rt-surface': '#161e20',
    '--rt-sunken': '#10181a',
    '--rt-line': '#2a3638',
    '--rt-accent': '#57b3a7',
    '--rt-accent-soft': '#12302d',
    '--rt-me': '#ffb454',
    '--rt-good': '#7fd69b',
    '--rt-warn': '#ffc37a',
    '--rt-warn-soft': '#33260f',
    '--rt-bad': '#ff9a90',
    '--rt-bad-soft': '#3a1815',
    '--rt-shadow': '0 1px 2px rgb(0 0 0 / 30%), 0 12px 32px rgb(0 0 0 / 28%)',
  },
});
