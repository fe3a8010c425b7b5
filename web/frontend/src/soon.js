// What is done a while after the last of several pieces of news, so that many are one (pure but for the
// timers): under news without end at the latest after `most`.
export function soon(act, patience, most = 2000) {
  let [quiet, late] = [0, 0];
  const run = () => {
    clearTimeout(quiet);
    clearTimeout(late);
    late = 0;
    act();
  };
  return () => {
    clearTimeout(quiet);
    quiet = setTimeout(run, patience);
    late ||= setTimeout(run, most);
  };
}
