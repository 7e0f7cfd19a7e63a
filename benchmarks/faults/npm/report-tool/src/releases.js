import semver from 'semver';

/** Whether a device may still call in. */
export function isSupported({ version, minimum }) {
  return semver.gte(version, minimum);
}

/** The newest of what the shelf holds. */
export function newestOf(versions) {
  const sorted = [...versions].sort((a, b) => semver.rcompare(a, b));
  return sorted[0];
}

/** What comes next. */
export function nextRelease({ version, kind }) {
  const parsed = new semver.SemVer(version);
  return parsed.inc(kind).version;
}
