namespace OrleansGeo.Tests.Worlds;

/// <summary>A plain grain.</summary>
[Alias("test.listener")]
[GrainInterfaceType("test.listener")]
public interface IListener : IGrainWithStringKey
{
    [Alias("tell")]
    Task Tell(string text);

    [Alias("count")]
    Task<int> Count();
}
