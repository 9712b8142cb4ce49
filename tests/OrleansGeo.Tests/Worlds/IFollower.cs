namespace OrleansGeo.Tests.Worlds;

/// <summary>Moves to who writes it.</summary>
[Alias("test.follower")]
[GrainInterfaceType("test.follower")]
public interface IFollower : IGrainWithStringKey
{
    [Alias("count")]
    Task<int> Count();
}
