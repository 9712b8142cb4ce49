using OrleansGeo.Tests.World.Azurite;

namespace OrleansGeo.Tests.Storage.AzureTables.Membership;

/// <summary>Short tests that share one emulator; each has a cluster, and so a partition, of its own.</summary>
[CollectionDefinition(Name)]
public sealed class MembershipCollection : ICollectionFixture<TestAzurite>
{
    public const string Name = "membership";
}
