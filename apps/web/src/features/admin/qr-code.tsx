import { create } from 'qrcode';
import { useMemo } from 'react';

const MARGIN = 4;

/** `text` as a QR code, always dark on white: scanners need it in the dark theme too. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, side } = useMemo(() => {
    const { modules } = create(text, { errorCorrectionLevel: 'M' });
    let drawn = '';
    for (let row = 0; row < modules.size; row += 1) {
      for (let column = 0; column < modules.size; column += 1) {
        if (modules.get(row, column)) drawn += `M${column + MARGIN} ${row + MARGIN}h1v1h-1z`;
      }
    }
    return { path: drawn, side: modules.size + 2 * MARGIN };
  }, [text]);
  return (
    <svg
      viewBox={`0 0 ${side} ${side}`}
      width="100%"
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      style={{ background: '#fff', borderRadius: 14, display: 'block' }}
    >
      <path d={path} fill="#10201e" />
    </svg>
  );
}
