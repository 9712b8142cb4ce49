using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace OrleansGeo.World.Airports;

/// <summary>Which airports are the western (0), middle (1) and eastern (2) third by longitude; equal longitudes are ordered by code.</summary>
internal static class AirportThirds
{
    private const string Resource = "airport-longitudes.csv";

    /// <summary>The third of every airport of the embedded list, by <see cref="IataCode.Pack"/>.</summary>
    public static FrozenDictionary<uint, byte> Known { get; } = Assign(ReadEmbedded())
        .ToFrozenDictionary(static airport => IataCode.Pack(Encoding.ASCII.GetBytes(airport.Key)), static airport => airport.Value);

    /// <summary>Ranks the airports by longitude and cuts the ranking into three equal parts.</summary>
    public static Dictionary<string, byte> Assign(IEnumerable<KeyValuePair<string, double>> longitudes)
    {
        var ranked = longitudes.OrderBy(static airport => airport.Value).ThenBy(static airport => airport.Key, StringComparer.Ordinal).ToArray();
        var thirds = new Dictionary<string, byte>(ranked.Length, StringComparer.Ordinal);
        for (var rank = 0; rank < ranked.Length; rank++)
        {
            thirds.Add(ranked[rank].Key, (byte)((long)rank * 3 / ranked.Length));
        }

        return thirds;
    }

    /// <summary>The index, in the world's order, of the region that an airport of this third is homed in.</summary>
    public static int RegionOf(byte third, int regions) => third % regions;

    private static IEnumerable<KeyValuePair<string, double>> ReadEmbedded()
    {
        using var stream = typeof(AirportThirds).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource '{Resource}' is missing from {typeof(AirportThirds).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var comma = line.IndexOf(',', StringComparison.Ordinal);
                yield return new(line[..comma], double.Parse(line.AsSpan(comma + 1), CultureInfo.InvariantCulture));
            }
        }
    }
}
