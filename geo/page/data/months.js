// Dates as readers write them into the search: with the names of their months.

// Gives what makes "2014-06" to "2014-06 June июнь июня" in these languages, the months as they stand alone and with a
// day.
export function monthSpeller(languages) {
  const forms = [{ month: "long" }, { month: "long", day: "numeric" }];
  const writers = Intl.DateTimeFormat.supportedLocalesOf(languages).flatMap((language) => (
    forms.map((parts) => new Intl.DateTimeFormat(language, { ...parts, timeZone: "UTC" }))));
  const nameOf = (writer, month) => (
    writer.formatToParts(Date.UTC(2000, month - 1)).find(({ type }) => type === "month").value);
  return (edtf) => {
    const months = Array.from(edtf.matchAll(/\d{4}-(\d\d)/g), ([, month]) => Number(month));
    return [edtf, ...months.flatMap((month) => writers.map((writer) => nameOf(writer, month)))].join(" ");
  };
}
