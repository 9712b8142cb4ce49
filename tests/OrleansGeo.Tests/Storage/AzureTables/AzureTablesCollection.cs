using OrleansGeo.Tests.World.Azurite;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>The tests that share one emulator. Each has a table of its own.</summary>
[CollectionDefinition(Name)]
public sealed class AzureTablesCollection : ICollectionFixture<TestAzurite>
{
    public const string Name = "Azure Tables store";
}
