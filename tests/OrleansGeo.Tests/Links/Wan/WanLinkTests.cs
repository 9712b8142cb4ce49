using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;
using Orleans.Runtime;
using OrleansGeo.Protocol.Topology;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Testing;

namespace OrleansGeo.Tests.Links.Wan;

/// <summary>Links between real clusters over TCP, with emulation.</summary>
[Collection(AloneCollection.Name)]
public sealed class WanLinkTests
{
    private const string West = "westeurope";
    private const string East = "eastus2";
    private static readonly RegionId WestId = new(West);
    private static readonly RegionId EastId = new(East);

    [Fact]
    public async Task The_measured_round_trip_is_the_emulated_one()
    {
        await using var world = await LinkWorld.StartedAsync(Matrix(60), West, East);
        var channel = await world.ChannelAsync(West, East);

        var fastest = await FastestAsync(channel);

        Assert.InRange(fastest.TotalMilliseconds, 58, 68);
        Assert.InRange(world.Link(West, East).RoundTrip!.Value.TotalMilliseconds, 58, 1000);
        Assert.InRange(world.Link(West, East).MinimumRoundTrip!.Value.TotalMilliseconds, 58, 1000);
    }

    [Fact]
    public async Task A_regions_half_shapes_what_it_sends_whoever_opened_the_connection()
    {
        await using var world = await LinkWorld.StartedAsync(WanMatrix.Off, West, East);
        var fromWest = await world.ChannelAsync(West, East);
        var fromEast = await world.ChannelAsync(East, West);
        world.Emulator(West).Set(EastId, new WanRule(80));

        var (thereOfWest, backOfWest) = await FastestWaysAsync(fromWest);
        var (thereOfEast, backOfEast) = await FastestWaysAsync(fromEast);

        Assert.InRange(thereOfWest, 78, 90); // West to East, on a connection that West opened
        Assert.InRange(backOfWest, 0, 20);
        Assert.InRange(thereOfEast, 0, 20);
        Assert.InRange(backOfEast, 78, 90); // West to East, on a connection that East opened
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_silent_cut_of_either_direction_fails_a_call_in_flight_soon_and_healing_brings_the_link_back(bool outgoing)
    {
        await using var world = await LinkWorld.StartedAsync(Matrix(20), West, East);
        var link = world.Link(West, East);
        var channel = await world.ChannelAsync(West, East);
        var key = $"cut {outgoing}";
        var inFlight = channel.Grains.GetGrain<IEchoGrain>(key).Hang();
        await EchoGrain.Arrived(key).WaitAsync(LinkWorld.Patience);
        var closedFirst = inFlight.ContinueWith(
            _ => channel.Closed.IsCancellationRequested && !link.TryGetChannel(out var _), TaskScheduler.Default);

        var cut = Stopwatch.GetTimestamp();
        if (outgoing)
        {
            world.Emulator(West).Set(EastId, new WanRule(10, Cut: true));
        }
        else
        {
            world.Emulator(East).Set(WestId, new WanRule(10, Cut: true));
        }

        await Assert.ThrowsAsync<SiloUnavailableException>(() => inFlight.WaitAsync(LinkWorld.Patience));
        var noticed = Stopwatch.GetElapsedTime(cut);
        Assert.True(noticed >= TimeSpan.FromMilliseconds(700), $"It was noticed after {noticed}, and nothing that is silent for so short a time is cut.");
        Assert.True(await closedFirst);
        Assert.Contains("for ", link.DownReason, StringComparison.Ordinal);

        world.Emulator(West).Set(EastId, new WanRule(10));
        world.Emulator(East).Set(WestId, new WanRule(10));
        var next = await world.ChannelAsync(West, East);
        Assert.Equal("healed in eastus2", await next.Grains.GetGrain<IEchoGrain>(key).Where("healed"));
    }

    [Fact]
    public async Task A_cut_shorter_than_the_heartbeat_timeout_only_delays()
    {
        await using var world = await LinkWorld.StartedAsync(WanMatrix.Off, West, East);
        var channel = await world.ChannelAsync(West, East);
        var emulator = world.Emulator(West);
        emulator.Set(EastId, new WanRule(0, Cut: true));
        var call = channel.Grains.GetGrain<IEchoGrain>("short").Where("late");
        await emulator.Clock.WaitUntilAsync(emulator.Clock.After(200));
        Assert.False(call.IsCompleted);

        emulator.Set(EastId, WanRule.None);

        Assert.Equal("late in eastus2", await call.WaitAsync(LinkWorld.Patience));
        Assert.False(channel.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task A_host_stops_promptly_while_its_link_is_cut()
    {
        await using var world = await LinkWorld.StartedAsync(WanMatrix.Off, West, East);
        var channel = await world.ChannelAsync(West, East);
        world.Emulator(East).Set(WestId, new WanRule(0, Cut: true));
        var inFlight = channel.Grains.GetGrain<IEchoGrain>("stopping").Hang();

        var stopping = Stopwatch.GetTimestamp();
        await world.Service<RegionLinks>(West).StopAsync(CancellationToken.None);

        Assert.InRange(Stopwatch.GetElapsedTime(stopping), TimeSpan.Zero, TimeSpan.FromSeconds(4));
        await Assert.ThrowsAnyAsync<Exception>(() => inFlight.WaitAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task A_client_of_the_regions_own_is_not_shaped()
    {
        await using var world = await LinkWorld.StartedAsync(Matrix(120), West, East);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseLocalhostClustering(world.Gateway(West).Port, LinkWorld.ServiceId, West));
        using var host = builder.Build();
        await host.StartAsync();
        var grain = host.Services.GetRequiredService<IClusterClient>().GetGrain<IEchoGrain>("own");
        await grain.Nothing();

        var sent = Stopwatch.GetTimestamp();
        Assert.Equal("hello in westeurope", await grain.Where("hello"));

        Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalMilliseconds, 0, 50);
        await host.StopAsync();
    }

    [Fact]
    public async Task Large_answers_come_whole_through_delay_and_loss()
    {
        await using var world = await LinkWorld.StartedAsync(Matrix(20), West, East);
        var channel = await world.ChannelAsync(West, East);
        world.Emulator(West).Set(EastId, new WanRule(10, Loss: 0.02));
        var texts = Enumerable.Range(0, 40).Select(index => new string((char)('a' + (index % 26)), 100_000)).ToArray();

        var answers = await Task.WhenAll(texts.Select((text, index) => channel.Grains.GetGrain<IEchoGrain>($"large {index}").Where(text)));

        Assert.Equal(texts.Select(text => $"{text} in eastus2"), answers);
    }

    private static WanMatrix Matrix(int roundTripMs) => WanMatrix.Parse($"{{\"{West}\":{{\"{East}\":{roundTripMs}}}}}", [West, East]);

    private static async Task<TimeSpan> FastestAsync(RegionChannel channel)
    {
        var grain = channel.Grains.GetGrain<IEchoGrain>("timed");
        await grain.Nothing();
        var fastest = TimeSpan.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var sent = Stopwatch.GetTimestamp();
            await grain.Nothing();
            fastest = new TimeSpan(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(sent).Ticks));
        }

        return fastest;
    }

    private static async Task<(double ThereMs, double BackMs)> FastestWaysAsync(RegionChannel channel)
    {
        var grain = channel.Grains.GetGrain<IEchoGrain>("timed");
        await grain.When();
        var (there, back) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < 10; round++)
        {
            var sent = Stopwatch.GetTimestamp();
            var ran = await grain.When();
            there = Math.Min(there, Stopwatch.GetElapsedTime(sent, ran).TotalMilliseconds);
            back = Math.Min(back, Stopwatch.GetElapsedTime(ran).TotalMilliseconds);
        }

        return (there, back);
    }
}
