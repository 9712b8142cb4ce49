using System.Globalization;
using System.Text.Json;

namespace OrleansGeo.World.Airports;

/// <summary>Reads one flight record from JSON and says in words what is wrong with it.</summary>
internal static class FlightRecordReader
{
    public const string DateFormat = "yyyy/MM/dd HH:mm";

    private const int MaxDelayMinutes = 7 * 24 * 60;
    private const int MaxDistanceMiles = 15_000;

    /// <returns>The record, or null and the reason.</returns>
    public static (FlightRecord? Flight, string? Error) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            return (null, $"not JSON: {exception.Message}");
        }
    }

    /// <inheritdoc cref="Read(ReadOnlyMemory{byte})"/>
    public static (FlightRecord? Flight, string? Error) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, $"a flight record is a JSON object, not {json.ValueKind}");
        }

        string? error = null;
        var date = Text(json, "date", ref error);
        var delay = Number(json, "delay", -MaxDelayMinutes, MaxDelayMinutes, ref error);
        var distance = Number(json, "distance", 0, MaxDistanceMiles, ref error);
        var origin = Code(json, "origin", ref error);
        var destination = Code(json, "destination", ref error);
        if (error is null && !DateTime.TryParseExact(date, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            error = $"'date' is \"{date}\": write it as \"{DateFormat}\"";
        }

        return error is null ? (new(date, delay, distance, origin, destination), null) : (null, error);
    }

    private static string Text(JsonElement json, string name, ref string? error)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
        {
            return value.GetString()!;
        }

        error ??= $"'{name}' must be a text";
        return "";
    }

    private static int Number(JsonElement json, string name, int min, int max, ref string? error)
    {
        if (json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= min && number <= max)
        {
            return number;
        }

        error ??= $"'{name}' must be a whole number from {min} to {max}";
        return 0;
    }

    private static string Code(JsonElement json, string name, ref string? error)
    {
        var code = Text(json, name, ref error);
        if (error is null && !IataCode.IsValid(code))
        {
            error = $"'{name}' is \"{code}\": an airport code is 3 or 4 characters A-Z and 0-9";
        }

        return code;
    }
}
