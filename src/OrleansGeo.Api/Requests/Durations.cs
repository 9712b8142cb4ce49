using System.Globalization;

namespace OrleansGeo.Api.Requests;

/// <summary>Durations as headers write them: a positive decimal number and <c>ms</c>, <c>s</c> or <c>m</c>.</summary>
internal static class Durations
{
    public const string Grammar = "a positive number with the unit ms, s or m, for instance 500ms, 1.5s or 2m";

    // Far above every limit that a duration is compared with, and far below what a TimeSpan holds.
    private const int MaxNumberLength = 9;

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var (unit, ticksPerUnit) = text switch
        {
            [.., 'm', 's'] => (2, TimeSpan.TicksPerMillisecond),
            [.., 's'] => (1, TimeSpan.TicksPerSecond),
            [.., 'm'] => (1, TimeSpan.TicksPerMinute),
            _ => (0, 0L),
        };
        var number = text[..^unit];
        if (unit == 0 || number.Length is 0 or > MaxNumberLength || !char.IsAsciiDigit(number[0]) || !char.IsAsciiDigit(number[^1])
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount))
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(amount * ticksPerUnit));
        return duration > TimeSpan.Zero;
    }

    public static string Format(TimeSpan duration) => duration switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes}m"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerSecond == 0 => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms"),
    };
}
