using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using OrleansGeo.World.Airports;
using OrleansGeo.World.Outcomes;
using OrleansGeo.World.Replay;

namespace OrleansGeo.Tests.World.Replay;

/// <summary>The replay against real web servers. The world that it is made for is tested with it elsewhere.</summary>
public sealed class FlightReplayTests
{
    private static readonly string[] Codes = ["SEA", "LAX", "DFW", "ORD", "ATL", "JFK"];

    private static readonly Dictionary<string, double> Longitudes = new()
    {
        ["SEA"] = -122.3,
        ["LAX"] = -118.4,
        ["DFW"] = -97.0,
        ["ORD"] = -87.9,
        ["ATL"] = -84.4,
        ["JFK"] = -73.8,
    };

    private static readonly ReplayInput Input = new(Flights(1000), Longitudes, TimeSpan.FromMinutes(1));

    [Fact]
    public async Task Counts_every_flight_once_and_finds_that_right()
    {
        await using var world = await FaultyWorld.StartAsync();
        var progress = new Progress();

        var result = await RunAsync(world, Input, progress);

        Assert.True(result.IsRight);
        Assert.Equal((1000, 2000, 0L), (result.Flights, result.Writes, result.Retries));
        Assert.Equal(2000, result.Latencies.Length);
        Assert.Equal(new ReplayCount(2000, 2000, 0), progress.Last);
        Assert.Equal(
            ["region0 strong", "region0 local", "region1 strong", "region1 local", "region2 strong", "region2 local"],
            result.Verifications.Select(static verification => $"{verification.Region} {verification.Consistency}"));
        Assert.All(result.Verifications, static verification => Assert.Equal(6, verification.Airports));
    }

    [Fact]
    public async Task Counts_nothing_twice_when_it_is_repeated()
    {
        await using var world = await FaultyWorld.StartAsync();

        await RunAsync(world, Input);
        var again = await RunAsync(world, Input);

        Assert.True(again.IsRight);
    }

    [Fact]
    public async Task Repeats_what_was_refused_for_now_and_what_was_lost_with_the_same_key()
    {
        await using var world = await FaultyWorld.StartAsync();
        world.Fault = static (request, attempt) =>
            !HttpMethods.IsPost(request.Method) || attempt > 1 ? Fault.None
            : request.Path.Value!.EndsWith("departures", StringComparison.Ordinal) ? Fault.Unavailable : Fault.AnswerLost;
        var input = Input with { Flights = Flights(100) };

        var result = await RunAsync(world, input);

        Assert.True(result.IsRight);
        Assert.InRange(result.Retries, 200, int.MaxValue);
    }

    [Fact]
    public async Task Writes_through_another_region_and_reports_the_one_that_is_down()
    {
        await using var world = await FaultyWorld.StartAsync(regionsDown: 1);
        var input = Input with { Flights = Flights(100), CatchUp = TimeSpan.FromMilliseconds(300) };

        var result = await RunAsync(world, input);

        Assert.Equal(200, result.Writes);
        Assert.False(result.IsRight);
        Assert.All(result.Verifications, static verification =>
            Assert.Equal(verification.Region == "region0" ? verification.Airports : 0, verification.Mismatches.Length));
    }

    [Fact]
    public async Task Finds_a_total_that_is_wrong()
    {
        await using var world = await FaultyWorld.StartAsync();
        await world.Airport("JFK").RecordDeparture(Input.Flights[0]);

        var result = await RunAsync(world, Input with { CatchUp = TimeSpan.FromMilliseconds(300) });

        Assert.False(result.IsRight);
        Assert.All(result.Verifications, static verification => Assert.Equal("JFK", Assert.Single(verification.Mismatches).Expected.Iata));
    }

    [Fact]
    public async Task Stops_at_a_write_that_is_refused_for_good()
    {
        await using var world = await FaultyWorld.StartAsync();
        world.Fault = static (request, _) => request.Path.Value == "/v1/airports/ATL/arrivals" ? Fault.Refused : Fault.None;

        var error = await Assert.ThrowsAsync<WorldException>(() => RunAsync(world, Input));

        Assert.Equal(ExitCodes.Failure, error.ExitCode);
        Assert.Contains("/v1/airports/ATL/arrivals", error.Message, StringComparison.Ordinal);
        Assert.Contains("409", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_at_its_deadline_and_says_how_far_it_came()
    {
        await using var world = await FaultyWorld.StartAsync();
        world.Fault = static (request, _) => request.Path.Value == "/v1/airports/ATL/arrivals" ? Fault.Unavailable : Fault.None;

        var error = await Assert.ThrowsAsync<WorldException>(() =>
            RunAsync(world, Input with { Flights = Flights(60), Deadline = TimeSpan.FromSeconds(1) }));

        Assert.Matches("while writing: 1[01][0-9] of 120 writes acknowledged", error.Message);
    }

    [Fact]
    public async Task Refuses_a_world_that_does_not_answer_at_all()
    {
        await using var world = await FaultyWorld.StartAsync(regionsDown: 3);

        var error = await Assert.ThrowsAsync<WorldException>(() => RunAsync(world, Input));

        Assert.Contains("No region of the world answers", error.Message, StringComparison.Ordinal);
    }

    private static Task<ReplayResult> RunAsync(FaultyWorld world, ReplayInput input, Progress? progress = null) =>
        FlightReplay.RunAsync(input, world.Regions, progress ?? new Progress(), TimeProvider.System, CancellationToken.None);

    /// <summary>Between all pairs of airports in turn.</summary>
    private static ImmutableArray<FlightRecord> Flights(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static i =>
            new FlightRecord("2001/01/01 00:47", (i % 61) - 20, 100 + i, Codes[i % 6], Codes[(i + 1 + (i / 6 % 5)) % 6])),
    ];

    private sealed class Progress : IReplayProgress
    {
        public ReplayCount Last { get; private set; }

        public async Task ShowAsync(Func<ReplayCount> count, Task work)
        {
            await Task.WhenAny(work);
            Last = count();
        }

        public void Say(string line)
        {
        }
    }
}
