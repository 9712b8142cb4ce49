using System.Globalization;
using System.Text;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.World.Replay;

/// <summary>The airports: a CSV file with the columns <c>iata</c> and <c>longitude</c> among others.</summary>
internal static class AirportsFile
{
    /// <returns>The longitude of every airport.</returns>
    /// <exception cref="WorldException">The file is missing, or holds something else; the message says which line.</exception>
    public static Dictionary<string, double> Read(string path) =>
        Parse(Encoding.UTF8.GetString(DataFile.Read(path, "airports", DataFile.AirportsInPackage)), path);

    public static Dictionary<string, double> Parse(string text, string path)
    {
        using var reader = new StringReader(text);
        var header = CsvLine.Split(reader.ReadLine() ?? "");
        var (iata, longitude) = (header.IndexOf("iata"), header.IndexOf("longitude"));
        if (iata < 0 || longitude < 0)
        {
            throw WorldException.Usage($"'{path}' has no columns 'iata' and 'longitude' in its first line.");
        }

        var longitudes = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            var fields = CsvLine.Split(line);
            if (fields.Count != header.Count
                || !double.TryParse(fields[longitude], NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees)
                || !longitudes.TryAdd(fields[iata], degrees))
            {
                throw WorldException.Usage($"'{path}', line {number}: '{line}' is not an airport with a longitude, or one that was there before.");
            }
        }

        return longitudes;
    }
}
