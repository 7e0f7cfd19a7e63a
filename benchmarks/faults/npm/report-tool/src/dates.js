import { format } from 'date-fns';
import dayjs from 'dayjs';
import timezone from 'dayjs/plugin/timezone.js';
import utc from 'dayjs/plugin/utc.js';
import { DateTime, Settings } from 'luxon';

Settings.throwOnInvalid = true;
dayjs.extend(utc);
dayjs.extend(timezone);

/** When an invoice is due. */
export function dueDate({ day, zone }) {
  const issued = DateTime.fromISO(day, { zone });
  return issued.plus({ days: 14 }).toISODate();
}

/** What a customer's clock shows. */
export function customerTime({ instant, zone }) {
  return dayjs(instant).tz(zone).format('HH:mm');
}

/** Day for the heading of a report. */
export function headingDay(text) {
  return format(new Date(text), 'd. MMMM yyyy');
}
