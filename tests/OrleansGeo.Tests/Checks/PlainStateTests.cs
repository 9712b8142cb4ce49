using OrleansGeo.Testing;
using OrleansGeo.Tests.Grains;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Checks;

/// <summary>Ordinary state classes hold at the replica, and at the home after it was activated again, what was written.</summary>
[Collection(WorldCollection.Name)]
public sealed class PlainStateTests(WorldFixture fixture)
{
    private readonly GeoTestCluster _world = fixture.World;

    [Fact]
    public Task A_class_with_fields_and_private_setters_keeps_them() =>
        KeptAsync<IPlainAccount>(PlainAccount.Type, "kept", "field 1, property 0, items made+added, ada 5, credited 1970, entries 1, note ");

    [Fact]
    public Task A_value_behind_an_interface_is_kept() => KeptAsync<IDrawingBoard>(DrawingBoard.Type, "kept", "one: Circle 2");

    [Fact]
    public Task A_record_without_a_parameterless_constructor_begins_empty_and_is_kept() => KeptAsync<IMeter>(Meter.Type, "kept", "3 ");

    [Fact]
    public Task A_value_that_would_come_back_otherwise_is_refused() => RefusedAsync<IPlainAccount>("note", "field 1, property 0, items made+added, ada 5, credited 1970, entries 1, note ", "Note, a System.Int32");

    [Fact]
    public Task A_value_of_a_process_behind_an_interface_is_refused() => RefusedAsync<IDrawingBoard>("redraw", "one: Circle 2", "Redraw");

    [Fact]
    public Task A_value_without_a_codec_behind_a_base_member_is_refused() => RefusedAsync<IMeter>("extra", "3 ", nameof(Circle));

    [Fact]
    public async Task A_value_that_was_refused_is_not_read_though_its_author_caught_that()
    {
        var easel = _world.Regions.First().Grains.GetGrain<IEasel>("caught");
        await easel.Draw("one");
        Assert.Equal(nameof(GeoErrorCode.InvalidArgument), await easel.DrawUnkeptAndCatch("two"));
        Assert.Equal("one: Circle", await Regions.StronglyAsync(easel.Show));
    }

    private async Task KeptAsync<TGrain>(string type, string key, string expected)
        where TGrain : IKeepsState
    {
        var (home, away) = _world.HomeAndAway(type, key);
        var grain = home.Grains.GetGrain<TGrain>(key);
        await grain.Write();
        Assert.Equal(expected, await grain.Read());
        await Wait.UntilAsync("the replica shows the write", async () => await away.Grains.GetGrain<TGrain>(key).Read() == expected);
        await ActivateAgainAsync(grain);
        Assert.Equal(expected, await grain.Read());
    }

    private async Task RefusedAsync<TGrain>(string key, string before, string named)
        where TGrain : IKeepsState
    {
        var grain = _world.Regions.First().Grains.GetGrain<TGrain>(key);
        await grain.Write();
        var refusal = await Assert.ThrowsAsync<GeoException>(grain.WriteUnkept);
        Assert.Equal(GeoErrorCode.InvalidArgument, refusal.Code);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written.", refusal.Message, StringComparison.Ordinal);
        await ActivateAgainAsync(grain);
        await Wait.UntilAsync("the region shows the write before it", async () => await grain.Read() == before);
    }

    private static async Task ActivateAgainAsync(IKeepsState grain)
    {
        var before = await grain.Instance();
        await grain.Deactivate();
        await Wait.UntilAsync("the grain is active again", async () => await grain.Instance() != before);
    }
}
