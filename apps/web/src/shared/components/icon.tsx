/** Outline icons on a 24-unit grid, drawn for this project; the path data is all there is. */
const paths = {
  shield: 'M12 3l7 3v5c0 4.6-2.9 8.3-7 10-4.1-1.7-7-5.4-7-10V6z M9 12l2.2 2.2L15.5 10',
  device: 'M4 5h16v11H4z M9 20h6 M12 16v4',
  data: 'M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6',
  noise: 'M3 12h2l2-6 3 13 3-15 3 13 2-5h3',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.900 1.900 6.500 5.500 M16 4.400a3.500 3.500 0 0 1 0 6.300 M18 14.800c2 .7 3.200 2.500 3.500 5.200',
  play: 'M8 5l11 7-11 7z',
  pause: 'M8 5v14 M16 5v14',
  stop: 'M6.500 6.500h11v11h-11z',
  receipt: 'M6 3h12v18l-3-2-3 2-3-2-3 2z M9 8h6 M9 12h6',
  spark: 'M12 3v5 M12 16v5 M3 12h5 M16 12h5 M6 6l3 3 M15 15l3 3 M18 6l-3 3 M9 15l-3 3',
  trash: 'M4 7h16 M9 7V4h6v3 M6.500 7l1 13h9l1-13 M10.500 11v5.500 M13.500 11v5.500',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  warning: 'M12 4l9 16H3z M12 10v4.500 M12 17.300v.2',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 11v5 M12 7.600v.2',
  download: 'M12 4v11 M7.500 11l4.500 4.500L16.500 11 M5 20h14',
  arrow: 'M5 12h14 M13 6l6 6-6 6',
  back: 'M19 12H5 M11 6l-6 6 6 6',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M12 2.500v2 M12 19.500v2 M2.500 12h2 M19.500 12h2 M5.300 5.300l1.400 1.400 M17.300 17.300l1.400 1.400 M18.700 5.300l-1.400 1.400 M6.700 17.300l-1.400 1.400',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z',
  eyeOff:
    'M3 3l18 18 M10.600 6.200A9.700 9.700 0 0 1 12 6c5 0 8.500 4 9.500 6-.4.800-1.200 2-2.400 3.100 M6.600 7.600C4.300 9 3 11 2.500 12c1 2 4.500 6 9.500 6 1.500 0 2.900-.4 4.100-.9',
  leave: 'M14 4H5v16h9 M10 12h11 M17 8l4 4-4 4',
  wifiOff:
    'M3 3l18 18 M5 12.500c1.300-1.200 2.700-2 4.300-2.500 M14.700 10c1.600.5 3 1.300 4.300 2.500 M8.500 16a5.500 5.500 0 0 1 7 0 M12 19.500v.2',
  table: 'M3 5h18v14H3z M3 10h18 M9 5v14',
  key: 'M8 15a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M12 11h9 M17.500 11v3 M20.500 11v2',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon in the colour of the text around it; the text beside it carries the meaning. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      style={{ flexShrink: 0 }}
    >
      <path d={paths[name]} />
    </svg>
  );
}
