using System.Collections.Concurrent;
using System.Net;
using OrleansGeo.World.Airports;

namespace OrleansGeo.World.Replay;

/// <summary>Reads every airport from every region and compares it with the totals computed from the file.</summary>
internal sealed class Verifier(WorldClient world, TimeSpan catchUp, TimeProvider time)
{
    public const string Strong = "strong";
    public const string Local = "local";

    private const int InFlightPerRegion = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>All regions at once; in each first <c>strong</c>, then <c>local</c>.</summary>
    public async Task<Verification[]> VerifyAsync(IReadOnlyDictionary<string, AirportTotals> expected, CancellationToken cancellationToken)
    {
        var regions = await Task.WhenAll(world.Regions.Select(async (_, region) => new[]
        {
            await VerifyAsync(region, Strong, expected, cancellationToken),
            await VerifyAsync(region, Local, expected, cancellationToken),
        }));
        return [.. regions.SelectMany(static verifications => verifications)];
    }

    private async Task<Verification> VerifyAsync(
        int region, string consistency, IReadOnlyDictionary<string, AirportTotals> expected, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(catchUp, time);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var mismatches = new ConcurrentBag<Mismatch>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = InFlightPerRegion, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(expected.Values, options, async (airport, _) =>
        {
            if (await ReadUntilRightAsync(region, consistency, airport, reading.Token) is { } mismatch)
            {
                mismatches.Add(mismatch);
            }
        });
        cancellationToken.ThrowIfCancellationRequested();
        return new(
            world.Regions[region].Region,
            consistency,
            expected.Count,
            [.. mismatches.OrderBy(static mismatch => mismatch.Expected.Iata, StringComparer.Ordinal)],
            time.GetElapsedTime(started));
    }

    /// <summary>A strong read must be right at once, as every write was acknowledged before it; a local one may have to catch up.</summary>
    private async Task<Mismatch?> ReadUntilRightAsync(int region, string consistency, AirportTotals expected, CancellationToken patience)
    {
        var shown = "no answer";
        try
        {
            while (true)
            {
                var answer = await world.SendAsync(() => CreateRequest(expected.Iata, consistency), region, anyRegion: false, patience);
                if (answer.IsSuccess && answer.ReadTotals() == expected)
                {
                    return null;
                }

                shown = answer.ToString();
                if (consistency == Strong || !(answer.IsSuccess || answer.Status == HttpStatusCode.NotFound))
                {
                    return new(expected, shown);
                }

                await Task.Delay(Interval, time, patience);
            }
        }
        catch (OperationCanceledException)
        {
            return new(expected, shown);
        }
    }

    private static HttpRequestMessage CreateRequest(string iata, string consistency)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/airports/{iata}");
        request.Headers.Add("Geo-Consistency", consistency);
        return request;
    }
}
