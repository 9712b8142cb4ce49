using System.Text.RegularExpressions;
using Orleans.Runtime;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Tests.Storage.AzureTables.Membership.TestCluster;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

[Collection(MembershipCollection.Name)]
public sealed class MembershipTableTests(TestAzurite azurite)
{
    [AzuriteFact]
    public async Task The_first_silo_creates_the_table_and_the_version_and_the_second_changes_nothing()
    {
        var cluster = new TestCluster(azurite, "Created");
        await cluster.Silo().InitializeMembershipTableAsync(true);
        Assert.True(await cluster.Silo().InsertRowAsync(Entry(1), (await cluster.Silo().ReadAllAsync()).Version.Next()));
        await cluster.Silo().InitializeMembershipTableAsync(true);
        var data = await cluster.Silo().ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        Assert.Single(data.Members);
    }

    [AzuriteFact]
    public async Task A_cluster_without_a_version_row_is_reported_with_what_to_do()
    {
        var cluster = new TestCluster(azurite);
        await cluster.Silo().InitializeMembershipTableAsync(false);
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => cluster.Silo().ReadAllAsync());
        Assert.Contains($"no row 'VersionRow' in partition '{cluster.Id}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start the cluster's silos", error.Message, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task An_inserted_silo_is_read_as_it_was_written_and_the_version_rises_by_one()
    {
        var cluster = await NewAsync(azurite);
        var silo = cluster.Silo();
        var empty = await silo.ReadAllAsync();
        Assert.Empty(empty.Members);
        Assert.Equal(0, empty.Version.Version);
        var entry = Entry(1);
        entry.RoleName = "role";
        entry.FaultZone = 2;
        entry.UpdateZone = 3;
        entry.AddSuspector(Address(2), Start.AddSeconds(1));
        entry.AddSuspector(Address(3), Start.AddSeconds(2));
        Assert.True(await silo.InsertRowAsync(entry, empty.Version.Next()));
        var data = await silo.ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        Assert.NotEqual(empty.Version.VersionEtag, data.Version.VersionEtag);
        Assert.Equal(entry.ToFullString(), Assert.Single(data.Members).Item1.ToFullString());
        Assert.Equal(DateTimeKind.Utc, data.Members[0].Item1.StartTime.Kind);
    }

    [AzuriteFact]
    public async Task A_silo_that_is_there_or_a_version_that_is_old_refuses_an_insert()
    {
        var cluster = await NewAsync(azurite);
        var silo = cluster.Silo();
        var old = (await silo.ReadAllAsync()).Version;
        Assert.True(await silo.InsertRowAsync(Entry(1), old.Next()));
        var now = (await silo.ReadAllAsync()).Version;
        Assert.False(await silo.InsertRowAsync(Entry(1, SiloStatus.Dead), now.Next()));
        Assert.False(await silo.InsertRowAsync(Entry(2), old.Next()));
        var data = await silo.ReadAllAsync();
        Assert.Equal(now, data.Version);
        Assert.Equal(SiloStatus.Active, Assert.Single(data.Members).Item1.Status);
    }

    [AzuriteFact]
    public async Task An_update_replaces_the_row_unless_it_is_gone_or_the_version_is_old()
    {
        var cluster = await NewAsync(azurite);
        var silo = cluster.Silo();
        var suspected = Entry(1);
        suspected.AddSuspector(Address(2), Start);
        Assert.True(await silo.InsertRowAsync(suspected, (await silo.ReadAllAsync()).Version.Next()));
        var before = await silo.ReadAllAsync();
        var etag = before.Members[0].Item2;
        Assert.True(await silo.UpdateRowAsync(Entry(1, SiloStatus.Dead), etag, before.Version.Next()));
        var after = await silo.ReadAllAsync();
        Assert.Equal(Entry(1, SiloStatus.Dead).ToFullString(), Assert.Single(after.Members).Item1.ToFullString());
        Assert.Equal(2, after.Version.Version);

        Assert.False(await silo.UpdateRowAsync(Entry(1), etag, before.Version.Next()));
        Assert.False(await silo.UpdateRowAsync(Entry(2), etag, after.Version.Next()));
        Assert.Equal(after.ToString(), (await silo.ReadAllAsync()).ToString());
    }

    [AzuriteFact]
    public async Task A_sign_of_life_changes_its_own_property_and_hinders_nobody()
    {
        var cluster = await NewAsync(azurite);
        var silo = cluster.Silo();
        Assert.True(await silo.InsertRowAsync(Entry(1), (await silo.ReadAllAsync()).Version.Next()));
        var before = await silo.ReadAllAsync();
        var text = await cluster.TextAsync(SiloRow.KeyOf(Address(1)));

        var alive = Entry(1, SiloStatus.Dead);
        alive.HostName = "elsewhere";
        alive.IAmAliveTime = Start.AddMinutes(1);
        await silo.UpdateIAmAliveAsync(alive);
        Assert.Equal(
            text.Replace("IAmAliveTime: String 2026-11-28 09:50:43.341 GMT", "IAmAliveTime: String 2026-11-28 09:51:43.341 GMT", StringComparison.Ordinal),
            await cluster.TextAsync(SiloRow.KeyOf(Address(1))));
        Assert.Equal(before.Version, (await silo.ReadAllAsync()).Version);

        // What was read before the sign of life is good enough to write with.
        Assert.True(await silo.UpdateRowAsync(Entry(1, SiloStatus.ShuttingDown), before.Members[0].Item2, before.Version.Next()));
    }

    [AzuriteFact]
    public async Task A_sign_of_life_of_a_silo_without_a_row_says_so()
    {
        var cluster = await NewAsync(azurite);
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => cluster.Silo().UpdateIAmAliveAsync(Entry(1)));
        Assert.Contains($"'10.0.0.2-11111-7' of partition '{cluster.Id}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("start that silo again", error.Message, StringComparison.Ordinal);
        Assert.Empty((await cluster.Silo().ReadAllAsync()).Members);
    }

    [AzuriteFact]
    public async Task One_row_is_read_with_the_version_and_one_that_is_not_there_without_members()
    {
        var cluster = await NewAsync(azurite);
        var other = await NewAsync(azurite);
        var silo = cluster.Silo();
        await cluster.FillAsync([Entry(1), Entry(2)]);
        await other.FillAsync([Entry(3)]);
        var data = await silo.ReadRowAsync(Address(2));
        Assert.Equal(Address(2), Assert.Single(data.Members).Item1.SiloAddress);
        Assert.Equal((await silo.ReadAllAsync()).Version, data.Version);
        Assert.Empty((await silo.ReadRowAsync(Address(3))).Members);
        Assert.Equal(2, (await silo.ReadAllAsync()).Members.Count);
    }

    [AzuriteFact]
    public async Task Only_the_long_dead_are_cleaned_up_and_the_version_stays()
    {
        var cluster = await NewAsync(azurite);
        var suspectedLater = Entry(2, SiloStatus.Dead);
        suspectedLater.AddSuspector(Address(1), Start.AddHours(2));
        var aliveLater = Entry(3, SiloStatus.Dead);
        aliveLater.IAmAliveTime = Start.AddHours(2);
        MembershipEntry[] kept = [Entry(1), suspectedLater, aliveLater, Entry(4, SiloStatus.Joining), Entry(5, SiloStatus.ShuttingDown)];

        // More than one transaction takes.
        await cluster.FillAsync([.. kept, .. Enumerable.Range(100, 120).Select(static number => Entry(number, SiloStatus.Dead))]);
        var silo = cluster.Silo();
        var before = await silo.ReadAllAsync();
        Assert.Equal(125, before.Members.Count);
        await silo.CleanupDefunctSiloEntriesAsync(Start);
        Assert.Equal(125, (await silo.ReadAllAsync()).Members.Count);
        await silo.CleanupDefunctSiloEntriesAsync(Start.AddHours(1));
        var after = await silo.ReadAllAsync();
        Assert.Equal(kept.Select(static entry => entry.SiloAddress).Order(), after.Members.Select(static member => member.Item1.SiloAddress).Order());
        Assert.Equal(before.Version, after.Version);
    }

    [AzuriteFact]
    public async Task A_row_that_changed_since_it_was_read_is_not_deleted_and_does_not_keep_the_others()
    {
        var cluster = await NewAsync(azurite);
        await cluster.FillAsync([Entry(1), Entry(2), Entry(3)]);
        var table = new SiloInstanceTable(cluster.Options);
        var rows = (await table.QueryAsync(SiloInstanceTable.InPartition(cluster.Id), CancellationToken.None)).FindAll(static row => !VersionRows.IsVersion(row.RowKey));
        await cluster.Silo().UpdateIAmAliveAsync(Entry(2));
        Assert.Equal(2, await table.DeleteUnchangedAsync(rows, CancellationToken.None));
        Assert.Equal(0, await table.DeleteUnchangedAsync(rows, CancellationToken.None));
        Assert.Equal(Address(2), Assert.Single((await cluster.Silo().ReadAllAsync()).Members).Item1.SiloAddress);
    }

    [AzuriteFact]
    public async Task A_cluster_of_more_than_a_page_is_read_and_deleted_and_others_stay()
    {
        var cluster = await NewAsync(azurite);
        var other = await NewAsync(azurite);
        await cluster.FillAsync(Enumerable.Range(0, 1001).Select(static number => Entry(number)));
        Assert.Equal(1001, (await cluster.Silo().ReadAllAsync()).Members.Count);
        await cluster.Silo().DeleteMembershipTableEntriesAsync(cluster.Id);
        Assert.Empty(cluster.Rows.Query<Azure.Data.Tables.TableEntity>(row => row.PartitionKey == cluster.Id));
        Assert.Equal(0, (await other.Silo().ReadAllAsync()).Version.Version);
    }

    [AzuriteFact]
    public async Task A_request_that_is_cancelled_ends()
    {
        var cluster = await NewAsync(azurite);
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cluster.Silo().ReadAllAsync(now.Token));
    }

    [AzuriteTheory]
    [InlineData("AccountKey=", "AccountKey=AAAA", "403", "Storage Table Data Contributor")]
    [InlineData("http://127.0.0.1:\\d+", "http://127.0.0.1:1", "refused", "Orleans tries again")]
    public async Task An_account_that_refuses_or_does_not_answer_is_named_with_what_to_do(string part, string replacement, string answer, string advice)
    {
        var cluster = new TestCluster(azurite);
        cluster.Options.ConnectionString = Regex.Replace(azurite.ConnectionString, part, replacement);
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => cluster.Silo().InitializeMembershipTableAsync(true));
        Assert.Contains("/devstoreaccount1/OrleansSiloInstances failed while opening it", error.Message, StringComparison.Ordinal);
        Assert.Contains(answer, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
