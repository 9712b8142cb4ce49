using Azure.Data.Tables;
using OrleansGeo.World.Azurite;
using OrleansGeo.World.Outcomes;

namespace OrleansGeo.Tests.World.Azurite;

public sealed class AzuriteTests(TestAzurite azurite) : IClassFixture<TestAzurite>
{
    [AzuriteFact]
    public async Task What_was_written_is_there_after_it_was_stopped_and_started()
    {
        var table = new TableClient(azurite.ConnectionString, "kept");
        await table.CreateAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 7 });
        await azurite.RestartAsync();
        table = new TableClient(azurite.ConnectionString, "kept");
        var row = await table.GetEntityAsync<TableEntity>("p", "r");
        Assert.Equal(7, row.Value.GetInt32("Value"));
    }

    [AzuriteFact]
    public async Task A_port_in_use_is_reported_with_what_the_emulator_said()
    {
        var port = new Uri(azurite.ConnectionString.Split("TableEndpoint=")[1].TrimEnd(';')).Port;
        var install = await AzuriteInstall.EnsureAsync(Console.WriteLine, CancellationToken.None);
        using var folder = new OrleansGeo.Tests.Storage.TempFolder();
        var error = await Assert.ThrowsAsync<WorldException>(
            () => AzuriteProcess.StartAsync(install, Path.Combine(folder.Path, "data"), port, Path.Combine(folder.Path, "log"), CancellationToken.None));
        Assert.Contains("EADDRINUSE", error.Message, StringComparison.Ordinal);
    }
}
