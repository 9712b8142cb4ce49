using Orleans.Runtime;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Tests.Storage.AzureTables.Membership.TestCluster;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

[Collection(MembershipCollection.Name)]
public sealed class MembershipRaceTests(TestAzurite azurite)
{
    private const int Silos = 8;

    [AzuriteFact]
    public async Task Silos_that_open_a_new_table_at_once_find_one_cluster()
    {
        var cluster = new TestCluster(azurite, "RacedFor");
        await Task.WhenAll(Enumerable.Range(0, Silos).Select(_ => cluster.Silo().InitializeMembershipTableAsync(true)));
        Assert.Equal(0, (await cluster.Silo().ReadAllAsync()).Version.Version);
    }

    [AzuriteFact]
    public async Task Of_silos_that_join_at_once_exactly_one_does_and_the_version_rises_by_one()
    {
        var cluster = await NewAsync(azurite);
        var version = (await cluster.Silo().ReadAllAsync()).Version;
        var joined = await Task.WhenAll(Enumerable.Range(0, Silos).Select(number => cluster.Silo().InsertRowAsync(Entry(number), version.Next())));
        var data = await cluster.Silo().ReadAllAsync();
        Assert.Equal(Address(Array.IndexOf(joined, true)), Assert.Single(data.Members).Item1.SiloAddress);
        Assert.Single(joined, static won => won);
        Assert.Equal(1, data.Version.Version);
    }

    [AzuriteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_updates_at_once_exactly_one_is_made(bool ofOneSilo)
    {
        var cluster = await NewAsync(azurite);
        await cluster.FillAsync(Enumerable.Range(0, Silos).Select(static number => Entry(number)));
        var data = await cluster.Silo().ReadAllAsync();
        var updated = await Task.WhenAll(Enumerable.Range(0, Silos).Select(number =>
        {
            var (entry, etag) = data.TryGet(Address(ofOneSilo ? 0 : number))!;
            entry = Entry(ofOneSilo ? 0 : number, SiloStatus.Dead);
            entry.AddSuspector(Address(number), Start);
            return cluster.Silo().UpdateRowAsync(entry, etag, data.Version.Next());
        }));
        Assert.Single(updated, static won => won);
        data = await cluster.Silo().ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        var dead = Assert.Single(data.Members, static member => member.Item1.Status == SiloStatus.Dead).Item1;
        Assert.Equal(Address(Array.IndexOf(updated, true)), Assert.Single(dead.SuspectTimes!).Item1);
    }

    [AzuriteFact]
    public async Task Signs_of_life_conflict_neither_with_each_other_nor_with_an_update()
    {
        const int Rounds = 10;
        var cluster = await NewAsync(azurite);
        await cluster.FillAsync(Enumerable.Range(0, Silos).Select(static number => Entry(number)));
        var alive = Enumerable.Range(1, Silos - 1).Select(async number =>
        {
            var entry = Entry(number);
            for (var round = 1; round <= Rounds; round++)
            {
                entry.IAmAliveTime = Start.AddSeconds(round);
                await cluster.Silo().UpdateIAmAliveAsync(entry);
            }
        });
        var signs = Task.WhenAll(alive);
        var updates = 0;
        do
        {
            var data = await cluster.Silo().ReadAllAsync();
            var (entry, etag) = data.TryGet(Address(0))!;
            Assert.True(await cluster.Silo().UpdateRowAsync(entry, etag, data.Version.Next()));
            updates++;
        }
        while (!signs.IsCompleted);
        await signs;
        var end = await cluster.Silo().ReadAllAsync();
        Assert.Equal(updates, end.Version.Version);
        Assert.All(end.Members.Where(static member => !member.Item1.SiloAddress.Equals(Address(0))), static member => Assert.Equal(Start.AddSeconds(Rounds), member.Item1.IAmAliveTime));
    }

    [AzuriteFact]
    public async Task What_is_read_while_silos_join_is_the_members_of_its_version()
    {
        var cluster = await NewAsync(azurite);
        var joining = Task.WhenAll(Enumerable.Range(0, Silos).Select(async number =>
        {
            // As Orleans does it: whoever is refused reads again.
            while (!await cluster.Silo().InsertRowAsync(Entry(number), (await cluster.Silo().ReadAllAsync()).Version.Next()))
            {
            }
        }));
        do
        {
            var data = await cluster.Silo().ReadAllAsync();
            Assert.Equal(data.Version.Version, data.Members.Count);
        }
        while (!joining.IsCompleted);
        await joining;
        Assert.Equal(Silos, (await cluster.Silo().ReadAllAsync()).Version.Version);
    }
}
