using System.Globalization;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Cli;

/// <summary>Times as people type them: <c>90s</c>, <c>10m</c>, <c>1h</c>; a bare number counts seconds.</summary>
internal static class ShortTime
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <exception cref="WorldException">It is none, not above zero, or longer than a day.</exception>
    public static TimeSpan Parse(string text)
    {
        var unit = text.Length == 0 ? 's' : text[^1];
        var number = text.Length > 0 && char.IsAsciiLetter(unit) ? text.AsSpan(0, text.Length - 1) : text;
        var seconds = unit switch { 'm' => 60, 'h' => 3600, 's' or (>= '0' and <= '9') => 1, _ => 0 };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && count * seconds > 0 && count * seconds <= Longest.TotalSeconds
            ? TimeSpan.FromSeconds(count * seconds)
            : throw WorldException.Usage($"'{text}' is not a time: write for example 90s or 10m, at most 24h.");
    }
}
