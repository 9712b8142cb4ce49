namespace OrleansGeo.Tests.Checks;

/// <summary>An interface of grains that are never called.</summary>
[Alias("test.told")]
public interface ITold : IGrainWithStringKey
{
    [Alias("tell")]
    Task Tell(string text);
}
