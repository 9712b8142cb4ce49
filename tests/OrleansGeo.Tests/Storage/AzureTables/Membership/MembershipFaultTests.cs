using System.Net;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Tests.Storage.AzureTables.Membership.TestCluster;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>What becomes of a write when the network or the service fails in its middle.</summary>
[Collection(MembershipCollection.Name)]
public sealed class MembershipFaultTests(TestAzurite azurite)
{
    [AzuriteFact]
    public async Task A_write_whose_answer_got_lost_is_made_once_and_the_writer_finds_it_when_it_reads_again()
    {
        var cluster = await NewAsync(azurite);
        using var faults = new FirstRequestFaults(1, static async (send, _) =>
        {
            (await send()).Dispose();
            throw new HttpRequestException("The connection broke before the answer.");
        });
        cluster.Options.Network = faults;
        var silo = cluster.Silo();
        Assert.False(await silo.InsertRowAsync(Entry(1), (await silo.ReadAllAsync()).Version.Next()));
        Assert.Equal(2, faults.Attempts);
        var data = await silo.ReadAllAsync();
        Assert.Equal(1, data.Version.Version);
        var (entry, etag) = data.TryGet(Address(1))!;
        Assert.True(await silo.UpdateRowAsync(entry, etag, data.Version.Next()));
    }

    [AzuriteFact]
    public async Task A_service_that_is_busy_is_asked_again()
    {
        var cluster = await NewAsync(azurite);
        using var faults = new FirstRequestFaults(2, Busy);
        cluster.Options.Network = faults;
        var silo = cluster.Silo();
        Assert.True(await silo.InsertRowAsync(Entry(1), (await silo.ReadAllAsync()).Version.Next()));
        Assert.Equal(3, faults.Attempts);
    }

    [AzuriteFact]
    public async Task A_service_that_stays_busy_is_reported_and_nothing_is_written()
    {
        var cluster = await NewAsync(azurite);
        using var faults = new FirstRequestFaults(4, Busy);
        cluster.Options.Network = faults;
        var silo = cluster.Silo();
        var version = (await silo.ReadAllAsync()).Version;
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => silo.InsertRowAsync(Entry(1), version.Next()));
        Assert.Contains("failed while writing to it: 503", error.Message, StringComparison.Ordinal);
        Assert.Equal(version, (await silo.ReadAllAsync()).Version);
    }

    [AzuriteFact]
    public async Task An_attempt_without_an_answer_ends_and_is_made_again()
    {
        var cluster = await NewAsync(azurite);
        using var faults = new FirstRequestFaults(1, static async (_, cancelled) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancelled);
            throw new InvalidOperationException("Nobody waits so long.");
        });
        cluster.Options.Network = faults;
        cluster.Options.AttemptTimeout = TimeSpan.FromSeconds(1);
        var silo = cluster.Silo();
        Assert.True(await silo.InsertRowAsync(Entry(1), (await silo.ReadAllAsync()).Version.Next()));
        Assert.Equal(2, faults.Attempts);
    }

    [AzuriteFact]
    public async Task A_table_that_is_deleted_under_a_cluster_is_reported_and_not_taken_for_contention()
    {
        var cluster = new TestCluster(azurite, "Deleted");
        var silo = cluster.Silo();
        await silo.InitializeMembershipTableAsync(true);
        var version = (await silo.ReadAllAsync()).Version;
        await cluster.Rows.DeleteAsync();
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => silo.InsertRowAsync(Entry(1), version.Next()));
        Assert.Contains("404 TableNotFound. The table was deleted while the cluster ran", error.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> Busy(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
}
