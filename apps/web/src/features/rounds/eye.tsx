const outline =
  'M2.5 12C4 8.500 7.500 6 12 6s8 2.500 9.500 6c-1.500 3.500-5 6-9.500 6s-8-2.500-9.500-6z';

/** Whether something is drawn; the button around it carries the words. */
export function Eye({ isOpen }: { isOpen: boolean }) {
  return (
    <svg
      width={18}
      height={18}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d={outline} opacity={isOpen ? 1 : 0.6} />
      {isOpen ? <circle cx="12" cy="12" r="2.800" /> : <path d="M4 20L20 4" />}
    </svg>
  );
}
