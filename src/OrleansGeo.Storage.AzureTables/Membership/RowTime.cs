using System.Globalization;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>Times in membership rows: text, UTC, milliseconds, like <c>2026-11-28 09:50:43.341 GMT</c>.</summary>
internal static class RowTime
{
    private const string Format = "yyyy-MM-dd HH:mm:ss.fff 'GMT'";

    public static string Write(DateTime time) => time.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryRead(string text, out DateTime time) =>
        DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}
