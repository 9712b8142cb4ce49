using System.Diagnostics;
using Orleans.Runtime;
using OrleansGeo.Runtime.Links;

namespace OrleansGeo.Tests.Links;

/// <summary>Links between real clusters over TCP, without emulation.</summary>
[Collection(AloneCollection.Name)]
public sealed class RegionLinkTests
{
    private const string West = "westeurope";
    private const string East = "eastus2";

    // What a call may wait for an answer by default: nothing here may come close to it.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_grain_called_through_the_channel_runs_in_the_peer()
    {
        await using var world = await LinkWorld.StartedAsync(null, West, East);

        var channel = await world.ChannelAsync(West, East);

        Assert.Equal("hello in eastus2", await channel.Grains.GetGrain<IEchoGrain>("a").Where("hello"));
        Assert.Equal("hello in westeurope", await world.Service<IGrainFactory>(West).GetGrain<IEchoGrain>("a").Where("hello"));
    }

    [Fact]
    public async Task A_reference_of_the_own_cluster_runs_in_the_peer_when_its_request_is_sent_by_the_channel()
    {
        await using var world = new LinkWorld([West, East])
        {
            Silo = silo => silo.AddOutgoingGrainCallFilter<ForwardingFilter>(),
        };
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        await world.ChannelAsync(West, East);
        var grains = world.Service<IGrainFactory>(West);

        Assert.Equal("hello in eastus2", await grains.GetGrain<IEchoGrain>(ForwardingFilter.Forwarded + East).Where("hello"));
        Assert.Equal("hello in westeurope", await grains.GetGrain<IEchoGrain>("stays").Where("hello"));
    }

    [Fact]
    public async Task A_peer_that_is_down_does_not_hold_up_the_host_and_is_linked_when_it_comes()
    {
        await using var world = new LinkWorld([West, East]);
        await world.StartAsync(West);
        var link = world.Link(West, East);

        Assert.False(link.TryGetChannel(out _));
        Assert.StartsWith($"no connection to eastus2 at {world.Gateway(East)}: ", link.DownReason, StringComparison.Ordinal);

        await world.StartAsync(East);
        await world.ChannelAsync(West, East);

        Assert.Null(link.DownReason);
        Assert.True(link.RoundTrip > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_host_whose_peers_are_down_stops_promptly()
    {
        await using var world = new LinkWorld([West, East]);
        await world.StartAsync(West);
        var links = world.Service<RegionLinks>(West);

        var stopping = Stopwatch.StartNew();
        await links.StopAsync(CancellationToken.None);

        Assert.True(stopping.Elapsed < Prompt, $"stopping took {stopping.Elapsed}");
    }

    [Fact]
    public async Task When_the_peer_dies_calls_in_flight_fail_at_once_and_a_restart_on_the_same_ports_is_linked_again()
    {
        await using var world = await LinkWorld.StartedAsync(null, West, East);
        var link = world.Link(West, East);
        var channel = await world.ChannelAsync(West, East);
        var inFlight = channel.Grains.GetGrain<IEchoGrain>("killed").Hang();
        await EchoGrain.Arrived("killed").WaitAsync(LinkWorld.Patience);

        await world.KillAsync(East);

        await Assert.ThrowsAnyAsync<Exception>(() => inFlight.WaitAsync(Prompt)).ContinueWith(AssertNotTimeout);
        Assert.True(channel.Closed.IsCancellationRequested);
        Assert.False(link.TryGetChannel(out _));
        Assert.NotNull(link.DownReason);

        await world.StartAsync(East);
        var next = await world.ChannelAsync(West, East);

        Assert.NotSame(channel, next);
        Assert.False(next.Closed.IsCancellationRequested);
        Assert.Equal("again in eastus2", await next.Grains.GetGrain<IEchoGrain>("killed").Where("again"));
    }

    [Fact]
    public async Task A_call_on_a_channel_that_has_closed_fails_at_once()
    {
        await using var world = await LinkWorld.StartedAsync(null, West, East);
        var link = world.Link(West, East);
        var channel = await world.ChannelAsync(West, East);
        var grain = channel.Grains.GetGrain<IEchoGrain>("stale");
        await world.KillAsync(East);
        await link.WhenDownAsync(CancellationToken.None).WaitAsync(LinkWorld.Patience);

        var call = Task.Run(() => grain.Where("anyone?"));

        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Prompt)).ContinueWith(AssertNotTimeout);
    }

    [Fact]
    public async Task Of_two_gateways_one_may_die_without_the_link_going_down_and_comes_back()
    {
        await using var world = new LinkWorld([West, East], silosPerRegion: 2)
        {
            Silo = silo => silo.AddOutgoingGrainCallFilter<ForwardingFilter>(),
        };
        await world.StartAsync(West);
        await world.StartAsync(East);
        await world.StartAsync(East, 1);
        var link = world.Link(West, East);
        await link.WhenConnectedAsync(2, CancellationToken.None).WaitAsync(LinkWorld.Patience);
        Assert.True(link.TryGetChannel(out var both));
        var down = link.WhenDownAsync(CancellationToken.None);
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(index => both.Grains.GetGrain<IEchoGrain>($"{index}").Where("hello"))),
            answer => Assert.Equal("hello in eastus2", answer));
        Assert.Equal(
            "hello in eastus2", await world.Service<IGrainFactory>(West).GetGrain<IEchoGrain>(ForwardingFilter.Forwarded + East).Where("hello"));

        await world.KillAsync(East, 1);
        await Closing(both).WaitAsync(LinkWorld.Patience);

        Assert.True(link.TryGetChannel(out var one));
        Assert.Equal("hello in eastus2", await one.Grains.GetGrain<IEchoGrain>("after").Where("hello"));
        await world.StartAsync(East, 1);
        await link.WhenConnectedAsync(2, CancellationToken.None).WaitAsync(LinkWorld.Patience);
        Assert.False(one.Closed.IsCancellationRequested);
        Assert.False(down.IsCompleted);
    }

    [Fact]
    public async Task A_gateway_that_falls_silent_fails_its_own_calls_soon_and_the_link_stays_up_by_the_other()
    {
        await using var world = new LinkWorld([West, East], silosPerRegion: 2);
        await using var proxy = new FreezingProxy(world.Gateway(East, 1));
        world.Dial = gateway => gateway.Equals(world.Gateway(East, 1)) ? proxy.EndPoint : gateway;
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        await world.StartAsync(East, 1);
        var link = world.Link(West, East);
        await link.WhenConnectedAsync(2, CancellationToken.None).WaitAsync(LinkWorld.Patience);
        Assert.True(link.TryGetChannel(out var both));
        var down = link.WhenDownAsync(CancellationToken.None);
        var calls = Enumerable.Range(0, 50).Select(index => both.Grains.GetGrain<IEchoGrain>($"silent {index}").Hang()).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(index => EchoGrain.Arrived($"silent {index}"))).WaitAsync(LinkWorld.Patience);

        var frozen = Stopwatch.GetTimestamp();
        proxy.Freeze();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => Task.WhenAny(calls).Unwrap().WaitAsync(LinkWorld.Patience));

        Assert.True(Stopwatch.GetElapsedTime(frozen) < Prompt, $"it took {Stopwatch.GetElapsedTime(frozen)}");
        Assert.True(both.Closed.IsCancellationRequested);
        Assert.False(down.IsCompleted);
        Assert.Contains(calls, call => !call.IsCompleted);
        Assert.True(link.TryGetChannel(out var one));
        Assert.Equal("hello in eastus2", await one.Grains.GetGrain<IEchoGrain>("after").Where("hello").WaitAsync(Prompt));
    }

    [Fact]
    public async Task A_peer_that_falls_silent_without_any_emulation_fails_calls_in_flight_soon()
    {
        await using var world = new LinkWorld([West, East]);
        await using var proxy = new FreezingProxy(world.Gateway(East));
        world.Dial = gateway => gateway.Equals(world.Gateway(East)) ? proxy.EndPoint : gateway;
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        var channel = await world.ChannelAsync(West, East);
        var inFlight = channel.Grains.GetGrain<IEchoGrain>("vanished").Hang();
        await EchoGrain.Arrived("vanished").WaitAsync(LinkWorld.Patience);

        var frozen = Stopwatch.GetTimestamp();
        proxy.Freeze();
        await Assert.ThrowsAsync<SiloUnavailableException>(() => inFlight.WaitAsync(LinkWorld.Patience));

        Assert.True(Stopwatch.GetElapsedTime(frozen) < Prompt, $"it took {Stopwatch.GetElapsedTime(frozen)}");
        Assert.False(world.Link(West, East).TryGetChannel(out _));
    }

    [Fact]
    public async Task Link_clients_are_configured_by_the_user_too()
    {
        var configured = 0;
        await using var world = new LinkWorld([West, East])
        {
            Links = options => options.ConfigureClient = _ => Interlocked.Increment(ref configured),
        };
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));

        await world.ChannelAsync(West, East);

        Assert.True(configured > 0);
    }

    private static void AssertNotTimeout(Task<Exception> thrown)
    {
        var exception = thrown.GetAwaiter().GetResult();
        Assert.False(exception is TimeoutException, $"it waited for a timeout: {exception}");
    }

    private static Task Closing(RegionChannel channel)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.Closed.Register(closed.SetResult);
        return closed.Task;
    }
}
