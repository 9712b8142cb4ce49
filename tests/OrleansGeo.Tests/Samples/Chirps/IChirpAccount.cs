using Orleans.Concurrency;

namespace OrleansGeo.Tests.Samples.Chirps;

[Alias("sample.chirps")]
[GrainInterfaceType("sample.chirps")]
public interface IChirpAccount : IGrainWithStringKey
{
    [Alias("follow")]
    Task Follow(string account);

    /// <summary>Keeps a chirp and gives it to every follower.</summary>
    [Alias("publish")]
    Task Publish(string chirp);

    [Alias("addfollower")]
    Task AddFollower(string account);

    [Alias("receive")]
    Task Receive(string chirp);

    [ReadOnly]
    [Alias("published")]
    Task<string[]> Published();

    [ReadOnly]
    [Alias("received")]
    Task<string[]> Received();
}
