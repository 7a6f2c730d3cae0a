import { expect, it } from "vitest";
import { testExchange } from "../../../testing/exchange.ts";
import { evaluateText } from "../../vectors.ts";

const exchange = testExchange();

function evaluate(expression: string): string {
  const { type, value } = evaluateText(expression, exchange);
  if (type.startsWith("throws ")) return type;
  return type === "does not compile" ? `${type} ${value}` : value;
}

const D = "new DateTime(2026, 1, 5, 21, 5, 7, 89, DateTimeKind.Utc)";

it.each([
  [`${D}.ToString()`, "01/05/2026 21:05:07"],
  [`${D}.ToString("d")`, "01/05/2026"],
  [`${D}.ToString("g")`, "01/05/2026 21:05"],
  [`${D}.ToString("F")`, "Monday, 05 January 2026 21:05:07"],
  [`${D}.ToString("M")`, "January 05"],
  [`${D}.ToString("Y")`, "2026 January"],
  [`${D}.ToString("yy y yyyyy")`, "26 26 02026"],
  [`${D}.ToString("MMM ddd dd d M")`, "Jan Mon 05 5 1"],
  [`${D}.ToString("h hh H m s t tt")`, "9 09 21 5 7 P PM"],
  [`${D}.ToString("f ff fff fffffff")`, "0 08 089 0890000"],
  [`${D}.ToString("s.F|FFF")`, "7.|089"],
  [`${D}.ToString("%h")`, "9"],
  [`${D}.ToString("K")`, "throws FormatException"],
  [`${D}.ToString("%K")`, "Z"],
  [`${D}.ToString("zzz zz z")`, "+00:00 +00 +0"],
  [`${D}.ToString("yyyy'y'\\"m\\"\\\\d gg")`, "2026ymd A.D."],
  [`${D}.ToString("ffffffff")`, "throws FormatException"],
  [`${D}.ToString("yyyy'")`, "throws FormatException"],
  ['new DateTime(1, 1, 1).ToString("yyyy")', "0001"],
  ['DateTime.MaxValue.ToString("o")', "9999-12-31T23:59:59.9999999"],
  ['DateTime.Now.ToString("zzz")', "+00:00"],
])("prints %s", (expression, text) => expect(evaluate(expression)).toBe(text));

it.each([
  ["2026-01-05", "2026-01-05T00:00:00.0000000"],
  ["2026-01-05 09:05", "2026-01-05T09:05:00.0000000"],
  ["2026-01-05T09:05:07.1234567", "2026-01-05T09:05:07.1234567"],
  ["2026-01-05T09:05:07Z", "2026-01-05T09:05:07.0000000+00:00"],
  ["2026-01-05T09:05:07+02:00", "2026-01-05T07:05:07.0000000+00:00"],
  ["01/05/2026", "2026-01-05T00:00:00.0000000"],
  ["1/5/26 9:05 PM", "2026-01-05T21:05:00.0000000"],
  ["Mon, 05 Jan 2026 09:05:07 GMT", "2026-01-05T09:05:07.0000000+00:00"],
  ["5 January 2026", "2026-01-05T00:00:00.0000000"],
  ["January 5, 2026 12:30 AM", "2026-01-05T00:30:00.0000000"],
  ["2026/1/5", "2026-01-05T00:00:00.0000000"],
  ["Jan 2026", "2026-01-01T00:00:00.0000000"],
  ["  2026-01-05  ", "2026-01-05T00:00:00.0000000"],
  ["2024-02-29", "2024-02-29T00:00:00.0000000"],
])("reads %s", (text, expected) => expect(evaluate(`DateTime.Parse("${text}").ToString("o")`)).toBe(expected));

it.each([
  "2026-13-01",
  "2026-02-29",
  "Tue, 05 Jan 2026",
  "25:00",
  "2026-01-05T9",
  "5",
  "abc",
  "",
  "13:00 PM",
  "1/2/3/4",
])("refuses %j as a date", (text) => expect(evaluate(`DateTime.Parse("${text}")`)).toBe("throws FormatException"));

it.each([
  [`${D}.Date.Ticks`, "639031680000000000"],
  [`${D}.TimeOfDay`, "21:05:07.0890000"],
  [`${D}.DayOfWeek`, "Monday"],
  [`${D}.DayOfYear + ${D}.Millisecond`, "94"],
  [`${D}.AddMonths(1).Day`, "5"],
  ["new DateTime(2024, 1, 31).AddMonths(1)", "02/29/2024 00:00:00"],
  ["new DateTime(2024, 2, 29).AddYears(1)", "02/28/2025 00:00:00"],
  ["new DateTime(2026, 1, 1).AddMonths(-1)", "12/01/2025 00:00:00"],
  ["new DateTime(2026, 1, 1).AddDays(-0.5)", "12/31/2025 12:00:00"],
  ['new DateTime(2026, 1, 1).AddSeconds(1.9).ToString("ss.fffffff")', "01.9000000"],
  ["new DateTime(2026, 3, 1) - new DateTime(2026, 2, 1)", "28.00:00:00"],
  ["new DateTime(2026, 3, 1).Subtract(TimeSpan.FromDays(1))", "02/28/2026 00:00:00"],
  ["new DateTime(2026, 1, 5) + new TimeSpan(1, 2, 3)", "01/05/2026 01:02:03"],
  ["new DateTime(2026, 1, 5) == new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc)", "True"],
  ["DateTime.DaysInMonth(2024, 2) + DateTime.DaysInMonth(2100, 2)", "57"],
  ["DateTime.IsLeapYear(2000)", "True"],
  ["new DateTime(2026, 2, 30)", "throws ArgumentOutOfRangeException"],
  ["DateTime.MaxValue.AddDays(1)", "throws ArgumentOutOfRangeException"],
  ["DateTime.MinValue.AddMonths(-1)", "throws ArgumentOutOfRangeException"],
  ["DateTime.UtcNow.AddHours(double.NaN)", "throws ArgumentOutOfRangeException"],
  ["DateTime.UtcNow.Year >= 2024", "True"],
])("computes %s", (expression, text) => expect(evaluate(expression)).toBe(text));

it.each([
  ['DateTimeOffset.FromUnixTimeSeconds(-1).ToString("o")', "1969-12-31T23:59:59.0000000+00:00"],
  ["DateTimeOffset.FromUnixTimeMilliseconds(1767603907089).ToUnixTimeSeconds()", "1767603907"],
  ['DateTimeOffset.Parse("2026-01-05T09:05:07+02:00").ToString()', "01/05/2026 09:05:07 +02:00"],
  ['DateTimeOffset.Parse("2026-01-05T09:05:07+02:00").UtcDateTime', "01/05/2026 07:05:07"],
  ['DateTimeOffset.Parse("2026-01-05T09:05:07+02:00").ToString("R")', "Mon, 05 Jan 2026 07:05:07 GMT"],
  ['DateTimeOffset.Parse("2026-01-05T09:05:07+02:00").ToString("u")', "2026-01-05 07:05:07Z"],
  ['DateTimeOffset.Parse("2026-01-05").Offset', "00:00:00"],
  ['DateTimeOffset.Parse("2026-01-05T09:00:00+02:00") == DateTimeOffset.Parse("2026-01-05T07:00:00Z")', "True"],
  [
    'DateTimeOffset.Parse("2026-01-05T09:00:00+02:00").ToOffset(TimeSpan.FromHours(-5)).ToString("o")',
    "2026-01-05T02:00:00.0000000-05:00",
  ],
  ['DateTimeOffset.ParseExact("05.01.2026 9h", "dd.MM.yyyy H\'h\'", null).ToString("s")', "2026-01-05T09:00:00"],
  ['DateTimeOffset.ParseExact("5.1.2026", "dd.MM.yyyy", null)', "throws FormatException"],
  ["new DateTimeOffset(new DateTime(2026, 1, 5), TimeSpan.FromHours(1)).UtcTicks", "639031644000000000"],
  ["new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.FromHours(15))", "throws ArgumentOutOfRangeException"],
  [
    "new DateTimeOffset(new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc), TimeSpan.FromHours(1))",
    "throws ArgumentException",
  ],
  [
    '(DateTimeOffset.Parse("2026-01-05T09:00:00+02:00") - DateTimeOffset.Parse("2026-01-05T06:00:00Z")).TotalMinutes',
    "60",
  ],
  [
    '@{ DateTimeOffset d; return DateTimeOffset.TryParse("nope", out d) + " " + d; }',
    "False 01/01/0001 00:00:00 +00:00",
  ],
  ["DateTimeOffset.UnixEpoch.ToUnixTimeMilliseconds()", "0"],
])("keeps offsets: %s", (expression, text) => expect(evaluate(expression)).toBe(text));

it.each([
  ["new TimeSpan(1, 2, 3, 4, 5).ToString()", "1.02:03:04.0050000"],
  ['new TimeSpan(1, 2, 3, 4, 5).ToString("g")', "1:2:03:04.005"],
  ['new TimeSpan(1, 2, 3, 4, 5).ToString("G")', "1:02:03:04.0050000"],
  ['new TimeSpan(1, 2, 3, 4, 5).ToString("d\\\\.hh\\\\:mm\\\\:ss\\\\.fff")', "1.02:03:04.005"],
  ['TimeSpan.FromHours(25).ToString("%h")', "1"],
  ['TimeSpan.FromHours(1).ToString("hh:mm")', "throws FormatException"],
  ['TimeSpan.Parse("-1.02:03:04.5")', "-1.02:03:04.5000000"],
  ['TimeSpan.Parse("5").TotalDays', "5"],
  ['TimeSpan.Parse("1:2:3:4")', "1.02:03:04"],
  ['TimeSpan.Parse("24:00")', "throws OverflowException"],
  ['TimeSpan.Parse("x")', "throws FormatException"],
  ['TimeSpan.ParseExact("0105", "hhmm", null)', "01:05:00"],
  ['@{ TimeSpan t; return TimeSpan.TryParse("", out t) + " " + t; }', "False 00:00:00"],
  ["TimeSpan.FromMinutes(90).Hours + TimeSpan.FromMinutes(90).Minutes", "31"],
  ["TimeSpan.FromSeconds(-1.5).Duration()", "00:00:01.5000000"],
  ["TimeSpan.FromDays(1) / 2", "12:00:00"],
  ["TimeSpan.FromDays(1) / TimeSpan.FromHours(6)", "4"],
  ["TimeSpan.FromMinutes(1) * 1.5", "00:01:30"],
  ["TimeSpan.FromDays(double.MaxValue)", "throws OverflowException"],
  ["TimeSpan.FromSeconds(1) > TimeSpan.Zero", "True"],
  ["TimeSpan.TicksPerSecond", "10000000"],
])("measures %s", (expression, text) => expect(evaluate(expression)).toBe(text));

const SUMMER = "new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc)";

it.each([
  [
    `TimeZoneInfo.ConvertTimeFromUtc(${SUMMER}, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))`,
    "07/01/2026 14:00:00",
  ],
  [
    `TimeZoneInfo.ConvertTimeFromUtc(${SUMMER}, TimeZoneInfo.FindSystemTimeZoneById("W. Europe Standard Time"))`,
    "07/01/2026 14:00:00",
  ],
  [`TimeZoneInfo.ConvertTimeBySystemTimeZoneId(${SUMMER}, "Pacific Standard Time")`, "07/01/2026 05:00:00"],
  [
    'TimeZoneInfo.ConvertTimeToUtc(new DateTime(2026, 1, 5, 9, 0, 0), TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"))',
    "01/05/2026 00:00:00",
  ],
  [
    'TimeZoneInfo.ConvertTimeToUtc(new DateTime(2026, 3, 29, 2, 30, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))',
    "throws ArgumentException",
  ],
  ['TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").IsInvalidTime(new DateTime(2026, 3, 29, 2, 30, 0))', "True"],
  [
    'TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").IsAmbiguousTime(new DateTime(2026, 10, 25, 2, 30, 0))',
    "True",
  ],
  [
    'TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin").GetAmbiguousTimeOffsets(new DateTime(2026, 10, 25, 2, 30, 0))',
    "[01:00:00|02:00:00]",
  ],
  [`TimeZoneInfo.FindSystemTimeZoneById("Australia/Sydney").IsDaylightSavingTime(${SUMMER})`, "False"],
  ['TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata").BaseUtcOffset', "05:30:00"],
  ['TimeZoneInfo.FindSystemTimeZoneById("Nowhere/City")', "throws TimeZoneNotFoundException"],
  ["TimeZoneInfo.Utc.Id", "UTC"],
  ["TimeZoneInfo.Local.BaseUtcOffset", "00:00:00"],
  [
    `@{ var start = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
       var end = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
       var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, DateTime.MaxValue.Date, TimeSpan.FromHours(1), start, end);
       var zone = TimeZoneInfo.CreateCustomTimeZone("mine", TimeSpan.FromHours(1), "Mine", "M", "MD", new[] { rule });
       return string.Join(" ", zone.GetUtcOffset(${SUMMER}), zone.GetUtcOffset(new DateTime(2026, 12, 1)), zone.IsInvalidTime(new DateTime(2026, 3, 29, 2, 30, 0))); }`,
    "02:00:00 01:00:00 True",
  ],
])("knows zones: %s", (expression, text) => expect(evaluate(expression)).toBe(text));

const G = 'new Guid("00112233-4455-6677-8899-aabbccddeeff")';

it.each([
  [`BitConverter.ToString(${G}.ToByteArray())`, "33-22-11-00-55-44-77-66-88-99-AA-BB-CC-DD-EE-FF"],
  [`new Guid(${G}.ToByteArray()) == ${G}`, "True"],
  [`${G}.ToString("X")`, "{0x00112233,0x4455,0x6677,{0x88,0x99,0xaa,0xbb,0xcc,0xdd,0xee,0xff}}"],
  [`Guid.Parse(${G}.ToString("X")).Equals(${G})`, "True"],
  ['Guid.Parse(" {00112233-4455-6677-8899-AABBCCDDEEFF} ")', "00112233-4455-6677-8899-aabbccddeeff"],
  ["new Guid(1, 2, 3, new byte[] { 4, 5, 6, 7, 8, 9, 10, 11 })", "00000001-0002-0003-0405-060708090a0b"],
  ['Guid.Parse("zz")', "throws FormatException"],
  ['Guid.ParseExact("00112233445566778899aabbccddeeff", "D")', "throws FormatException"],
  ['@{ Guid g; return Guid.TryParse("x", out g) + " " + g; }', "False 00000000-0000-0000-0000-000000000000"],
  ["Guid.NewGuid() == Guid.NewGuid()", "False"],
  ["Guid.NewGuid().ToString()[14]", "4"],
  [`${G}.GetHashCode() == ${G}.GetHashCode()`, "True"],
  [`${G}.CompareTo(Guid.Empty) > 0`, "True"],
])("identifies: %s", (expression, text) => expect(evaluate(expression)).toBe(text));
