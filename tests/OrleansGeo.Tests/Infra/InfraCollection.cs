namespace OrleansGeo.Tests.Infra;

/// <summary>The tests of infra/ share what the compiler said: each call takes seconds.</summary>
[CollectionDefinition(Name)]
public sealed class InfraCollection : ICollectionFixture<CompiledInfra>
{
    public const string Name = "infra";
}
