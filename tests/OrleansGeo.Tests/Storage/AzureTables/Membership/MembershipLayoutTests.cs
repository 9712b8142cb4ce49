using Azure.Data.Tables;
using Orleans.Runtime;
using OrleansGeo.Storage.AzureTables.Membership;
using OrleansGeo.Storage.Conformance;
using OrleansGeo.Tests.World.Azurite;
using static OrleansGeo.Tests.Storage.AzureTables.Membership.TestCluster;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>The rows of Orleans' own provider, 10.4.2, to the letter: the package must be able to take this one's place, and old tools to read it.</summary>
[Collection(MembershipCollection.Name)]
public sealed class MembershipLayoutTests(TestAzurite azurite)
{
    [AzuriteFact]
    public async Task A_silo_s_row_has_these_properties()
    {
        var cluster = await NewAsync(azurite);
        var entry = Entry(1);
        entry.RoleName = "role";
        entry.UpdateZone = 3;
        entry.FaultZone = 2;
        entry.IAmAliveTime = Start.AddMilliseconds(1001);
        entry.AddSuspector(Address(2), Start.AddSeconds(1));
        entry.AddSuspector(Address(3), Start.AddSeconds(2));
        Assert.True(await cluster.Silo().InsertRowAsync(entry, (await cluster.Silo().ReadAllAsync()).Version.Next()));
        Assert.Equal(
            $"""
            Address: String 10.0.0.2
            DeploymentId: String {cluster.Id}
            FaultZone: String 2
            Generation: String 7
            HostName: String host
            IAmAliveTime: String 2026-11-28 09:50:44.342 GMT
            InstanceName: String silo-1
            PartitionKey: String {cluster.Id}
            Port: String 11111
            ProxyPort: String 30000
            RoleName: String role
            RowKey: String 10.0.0.2-11111-7
            SiloName: String silo-1
            StartTime: String 2026-11-28 09:50:43.341 GMT
            Status: String Active
            SuspectingSilos: String 10.0.0.3:11111@7|10.0.0.4:11111@7
            SuspectingTimes: String 2026-11-28 09:50:44.341 GMT|2026-11-28 09:50:45.341 GMT
            UpdateZone: String 3
            """,
            await cluster.TextAsync("10.0.0.2-11111-7"));
    }

    [AzuriteFact]
    public async Task What_nobody_has_said_is_empty_or_not_there()
    {
        var cluster = await NewAsync(azurite);
        Assert.True(await cluster.Silo().InsertRowAsync(Entry(1, SiloStatus.Joining), (await cluster.Silo().ReadAllAsync()).Version.Next()));
        var text = await cluster.TextAsync("10.0.0.2-11111-7");
        Assert.Contains("SuspectingSilos: String \nSuspectingTimes: String \nUpdateZone: String 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RoleName", text, StringComparison.Ordinal);
    }

    [AzuriteFact]
    public async Task The_version_rows_have_these_properties()
    {
        var cluster = await NewAsync(azurite);
        Assert.True(await cluster.Silo().InsertRowAsync(Entry(1), (await cluster.Silo().ReadAllAsync()).Version.Next()));
        foreach (var key in (string[])["!Start", "VersionRow", "~End"])
        {
            Assert.Equal(
                $"""
                DeploymentId: String {cluster.Id}
                MembershipVersion: String 1
                PartitionKey: String {cluster.Id}
                RowKey: String {key}
                """,
                await cluster.TextAsync(key));
        }
    }

    [AzuriteFact]
    public async Task A_cluster_of_an_old_Orleans_is_read_and_goes_on()
    {
        var cluster = new TestCluster(azurite);
        await cluster.Silo().InitializeMembershipTableAsync(false);

        // Without the rows around the silos, and with the name where old versions had it.
        await cluster.Rows.AddEntityAsync(new TableEntity(cluster.Id, "VersionRow") { ["DeploymentId"] = cluster.Id, ["MembershipVersion"] = "41" });
        await cluster.Rows.AddEntityAsync(new TableEntity(cluster.Id, "fe80::1-11111-390211234")
        {
            ["DeploymentId"] = cluster.Id,
            ["Address"] = "fe80::1",
            ["Port"] = "11111",
            ["Generation"] = "390211234",
            ["HostName"] = "node-1",
            ["Status"] = "ShuttingDown",
            ["ProxyPort"] = "30000",
            ["InstanceName"] = "Silo_1",
            ["UpdateZone"] = "0",
            ["FaultZone"] = "0",
            ["SuspectingSilos"] = "10.1.2.3:11111@390211233",
            ["SuspectingTimes"] = "2026-05-13 08:25:34.001 GMT",
            ["StartTime"] = "2026-05-13 08:20:34.000 GMT",
            ["IAmAliveTime"] = "2026-05-13 08:25:04.120 GMT",
        });
        var silo = cluster.Silo();
        var data = await silo.ReadAllAsync();
        Assert.Equal(41, data.Version.Version);
        Assert.Equal(
            "[SiloAddress=S[fe80::1]:11111:390211234 SiloName=Silo_1 Status=ShuttingDown HostName=node-1 ProxyPort=30000 RoleName= UpdateZone=0 FaultZone=0 "
            + "StartTime=2026-05-13 08:20:34.000 GMT IAmAliveTime=2026-05-13 08:25:04.120 GMT Suspecters=[S10.1.2.3:11111:390211233] SuspectTimes=[2026-05-13 08:25:34.001 GMT]]",
            Assert.Single(data.Members).Item1.ToFullString());
        Assert.True(await silo.InsertRowAsync(Entry(1), data.Version.Next()));

        // An old silo again: it raises only the version row, and the rows around are behind it.
        await cluster.Rows.UpsertEntityAsync(new TableEntity(cluster.Id, "VersionRow") { ["DeploymentId"] = cluster.Id, ["MembershipVersion"] = "43" });
        data = await silo.ReadAllAsync();
        Assert.Equal(43, data.Version.Version);
        Assert.True(await silo.UpdateRowAsync(Entry(1, SiloStatus.Dead), "*", data.Version.Next()));
        Assert.Equal(44, VersionRows.Read(await cluster.RowAsync("~End"), "table"));
    }

    [AzuriteTheory]
    [InlineData("Status", "Alive", "Status 'Alive' is none of None, Created, Joining, Active")]
    [InlineData("Status", null, "Status is missing")]
    [InlineData("Address", "westeurope", "Address 'westeurope' is not an IP address")]
    [InlineData("Address", "10.0.0.9", "It holds the silo 10.0.0.9-11111-7")]
    [InlineData("Port", "0", "Port 0 is not a port")]
    [InlineData("Generation", "seven", "Generation 'seven' is not a number")]
    [InlineData("ProxyPort", 30000, "ProxyPort is a Int32; every property must be a string")]
    [InlineData("StartTime", "2026-11-28T09:50:43Z", "StartTime '2026-11-28T09:50:43Z' is not a time like '1970-01-01 00:00:00.000 GMT'")]
    [InlineData("SuspectingTimes", "2026-11-28 09:50:43.341 GMT", "SuspectingSilos has 0 silos, SuspectingTimes has 1 times")]
    public async Task A_malformed_row_is_reported_to_every_reader_and_kept(string property, object? value, string problem)
    {
        var cluster = await NewAsync(azurite);
        await cluster.FillAsync([Entry(1), Entry(2, SiloStatus.Dead)]);
        var row = await cluster.RowAsync("10.0.0.2-11111-7");
        row.Remove(property);
        if (value is not null)
        {
            row[property] = value;
        }

        await cluster.Rows.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        foreach (var read in (Func<Task>[])[() => cluster.Silo().ReadAllAsync(), () => cluster.Silo().ReadRowAsync(Address(1)), () => cluster.Silo().CleanupDefunctSiloEntriesAsync(Start.AddDays(1))])
        {
            var error = await Assert.ThrowsAsync<MembershipTableException>(read);
            Assert.Contains($"Row '10.0.0.2-11111-7' of partition '{cluster.Id}' in membership table {cluster.Rows.Uri} is malformed: {problem}", error.Message, StringComparison.Ordinal);
        }

        await cluster.RowAsync("10.0.0.3-11111-7");
    }

    [Theory]
    [InlineData("3", "3", "3", true)]
    [InlineData(null, "3", null, true)]
    [InlineData("3", "4", "3", true)]
    [InlineData("2", "3", "3", false)]
    [InlineData("3", "3", "4", false)]
    [InlineData("4", "3", "4", false)]
    [InlineData("3", "3", null, false)]
    [InlineData(null, "3", "3", false)]
    public void Rows_are_of_one_version_if_those_around_them_say_so(string? first, string version, string? last, bool whole)
    {
        (string Key, string? Version)[] versions = [("!Start", first), ("VersionRow", version), ("~End", last)];
        var rows = versions.Where(static row => row.Version is not null).Select(static row => new TableEntity("p", row.Key) { ["MembershipVersion"] = row.Version }).ToList();
        Assert.Equal(whole, MembershipSnapshot.TryMake(rows, "p", "table") is not null);
    }

    [AzuriteFact]
    public async Task Version_rows_that_stay_apart_are_reported_with_what_to_do()
    {
        var cluster = await NewAsync(azurite);
        await cluster.Rows.DeleteEntityAsync(cluster.Id, "~End");
        var error = await Assert.ThrowsAsync<MembershipTableException>(() => cluster.Silo().ReadAllAsync());
        Assert.Contains("delete '!Start' and '~End', they are written again", error.Message, StringComparison.Ordinal);
        await cluster.Rows.DeleteEntityAsync(cluster.Id, "!Start");
        Assert.True(await cluster.Silo().InsertRowAsync(Entry(1), (await cluster.Silo().ReadAllAsync()).Version.Next()));
        Assert.Equal(1, VersionRows.Read(await cluster.RowAsync("!Start"), "table"));
    }
}
