using System.Net;
using System.Text.Json;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>An answer that repeating the request would not change.</summary>
internal sealed record WorldAnswer(HttpStatusCode Status, byte[] Body)
{
    private const int LongestText = 300;

    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    public AirportTotals? ReadTotals() => JsonSerializer.Deserialize<AirportTotals>(Body, JsonSerializerOptions.Web);

    /// <summary>For messages.</summary>
    public override string ToString()
    {
        var text = System.Text.Encoding.UTF8.GetString(Body);
        return $"{(int)Status} {(text.Length <= LongestText ? text : text[..LongestText])}";
    }
}
