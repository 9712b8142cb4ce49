using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansGeo.Tests.Api;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Links;

/// <summary>Peers that are known by name, between real clusters over TCP: where a name leads changes while the processes run.</summary>
[MostlyWaits]
public sealed class GatewayNameTests
{
    private const string West = "westeurope";
    private const string East = "eastus2";
    private const string Here = "127.0.0.1";
    private const string There = "127.0.0.2";

    private readonly FakeHostNames _names = new();
    private readonly LogRecorder _log = new();

    [Fact]
    public async Task Each_address_of_a_name_is_tried()
    {
        _names.Lead(East, There, "127.0.0.3", Here);
        await using var world = World();
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));

        await AnswersAsync(world);
    }

    [Fact]
    public async Task A_peer_that_comes_back_at_another_address_is_found_again()
    {
        _names.Lead(East, Here);
        await using var world = World();
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        await AnswersAsync(world);

        await world.KillAsync(East);
        world.Address = static region => IPAddress.Parse(region == East ? There : Here);
        await world.StartAsync(East);
        _names.Lead(East, There);

        await AnswersAsync(world);
    }

    [Fact]
    public async Task A_name_is_looked_up_now_and_then_while_it_leads_nowhere()
    {
        _names.Lead(East, There);
        await using var world = World();
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        var link = world.Link(West, East);
        await Wait.UntilAsync("the dead address was dialled", () => Task.FromResult(link.DownReason?.Contains("connection refused", StringComparison.Ordinal) == true));
        Assert.StartsWith($"no connection to {East} at {East}.test:{world.Gateway(East).Port} ({There}): ", link.DownReason, StringComparison.Ordinal);

        _names.Lead(East, Here);

        await AnswersAsync(world);
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_said_and_logged_once()
    {
        _names.Lead(East);
        await using var world = World();
        await world.StartAsync(West);
        await Wait.UntilAsync("it was looked up again", () => Task.FromResult(_names.Asked > 5));

        Assert.StartsWith($"no connection to {East} at {East}.test:{world.Gateway(East).Port}: the name does not resolve (", world.Link(West, East).DownReason, StringComparison.Ordinal);
        Assert.Single(_log.Lines, line => line.Contains($"{East}.test", StringComparison.Ordinal));

        _names.Lead(East, Here);
        await world.StartAsync(East);
        await AnswersAsync(world);
    }

    [Fact]
    public async Task A_link_comes_back_to_where_it_was_while_names_cannot_be_looked_up()
    {
        _names.Lead(East, Here);
        await using var world = World();
        await Task.WhenAll(world.StartAsync(West), world.StartAsync(East));
        await AnswersAsync(world);

        _names.Lead(East);
        await world.KillAsync(East);
        var link = world.Link(West, East);
        await Wait.UntilAsync("the name does not resolve", () => Task.FromResult(link.DownReason?.Contains($"({Here}; the name does not resolve (", StringComparison.Ordinal) == true));
        await world.StartAsync(East);

        await AnswersAsync(world);
    }

    /// <summary>What watches a gateway outlives anything that goes wrong around it.</summary>
    [Fact]
    public async Task A_log_that_cannot_be_written_does_not_cost_the_link()
    {
        using var failing = new FailingLog();
        await using var world = new LinkWorld([West, East]) { Silo = silo => silo.Services.AddSingleton<ILoggerProvider>(failing) };
        await world.StartAsync(West);
        await Wait.UntilAsync("the log has failed", () => Task.FromResult(failing.Failures > 0));

        await world.StartAsync(East);

        await AnswersAsync(world);
    }

    private LinkWorld World() => new([West, East])
    {
        Names = _names,
        Links = static links => links.ResolveInterval = links.RedialInterval = TimeSpan.FromMilliseconds(50),
        Silo = silo => silo.Services.AddSingleton<ILoggerProvider>(_log),
    };

    private static async Task AnswersAsync(LinkWorld world) =>
        Assert.Equal($"hello in {East}", await (await world.ChannelAsync(West, East)).Grains.GetGrain<IEchoGrain>("named").Where("hello"));
}
