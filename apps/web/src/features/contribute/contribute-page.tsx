export function ContributePage() {
  return null;
}
