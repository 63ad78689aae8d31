/** The mark: a table with six seats, one of them taken by the reader. Decorative. */
export function Mark({ size }: { size: number }) {
  const seats = Array.from({ length: 6 }, (_, i) => {
    const angle = (i / 6) * 2 * Math.PI - Math.PI / 2;
    return { x: 16 + 11.6 * Math.cos(angle), y: 16 + 11.6 * Math.sin(angle), isMine: i === 4 };
  });
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="6.4" fill="var(--rt-accent)" />
      {seats.map((seat) => (
        <circle
          key={`${seat.x},${seat.y}`}
          cx={seat.x}
          cy={seat.y}
          r={seat.isMine ? 3 : 2.5}
          fill={seat.isMine ? 'var(--rt-me)' : 'var(--rt-accent)'}
          opacity={seat.isMine ? 1 : 0.55}
        />
      ))}
    </svg>
  );
}
