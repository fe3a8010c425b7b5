// One phone in this browser: whoever holds the lock is it. A lock can be taken over; it is free again
// as soon as its page is gone, however that ended.
const RETURN = 6000;
let release = null;

const name = (userId) => `callcenter-phone-${userId}`;

// Resolves to whether the lock is ours; `lost` is called when another tab takes it later.
export function takeTab(userId, over, lost) {
  if (!navigator.locks) return Promise.resolve(true);
  if (release) return Promise.resolve(true);
  return new Promise((done) => {
    const keep = (lock) => {
      if (!lock) return done(false);
      done(true);
      return new Promise((free) => (release = free));
    };
    navigator.locks.request(name(userId), over ? { steal: true } : { ifAvailable: true }, keep).catch(() => {
      release = null;
      lost();
    });
  });
}

export function leaveTab() {
  release?.();
  release = null;
}

// Call when the other tab is gone; a page that is only reloaded is given the time to come back.
export function whenTabIsFree(userId, act) {
  navigator.locks?.request(name(userId), () => setTimeout(act, RETURN));
}
