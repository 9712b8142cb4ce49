using CsCheck;
using OrleansGeo.Tests.World.Azurite;
using Xunit.Abstractions;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <inheritdoc cref="RegionStoreModelTests"/>
[Collection(AzureTablesCollection.Name)]
public sealed class AzureTablesModelTests(TestAzurite azurite, ITestOutputHelper output)
{
    [AzuriteFact]
    public Task Azure_Tables_do_what_the_model_does() => StoreOperation.Histories.SampleAsync(
        async history =>
        {
            var table = new TestTable(azurite);
            await RegionStoreModelTests.RunAsync(history, () => table.Create());
        },
        output.WriteLine,
        iter: 4);
}
