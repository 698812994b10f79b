import { useEffect, useState } from "react";

/** The time, as often as it is asked for; never where it is not needed. */
export function useNow(every: number | null) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    if (every === null) return;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** Whole seconds until a moment; 0 once it has come. */
export function useCountdown(until: number) {
  const [over, setOver] = useState(0);
  const now = useNow(until > over ? 250 : null);
  const left = Math.max(0, Math.ceil((until - now) / 1000));
  useEffect(() => {
    if (left === 0) setOver(until);
  }, [left, until]);
  return left;
}
