namespace OrleansGeo.Tests.Routing;

/// <summary>What <see cref="Filtered"/> does.</summary>
[Alias("test.filtered")]
[GrainInterfaceType("test.filtered")]
public interface IFiltered : IGrainWithStringKey
{
    [Alias("do")]
    Task<int> Do(string text);
}
