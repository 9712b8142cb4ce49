namespace OrleansGeo.Tests.Routing;

/// <summary>A geo grain whose class keeps nothing in memory.</summary>
[Alias("test.lookout")]
[GrainInterfaceType("test.lookout")]
public interface ILookout : IGrainWithStringKey
{
    /// <summary>One element, and then a wait that only cancellation ends.</summary>
    [Alias("watch")]
    IAsyncEnumerable<int> Watch(CancellationToken cancellationToken);
}
