namespace OrleansGeo.Tests.Api;

/// <summary>The tests that share one <see cref="ApiHost"/>. Each uses keys of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ApiTests : ICollectionFixture<ApiHost>
{
    public const string Name = "Web API";
}
