using Orleans.Concurrency;

namespace OrleansGeo.Tests.Checks;

[Alias("test.easel")]
[GrainInterfaceType("test.easel")]
public interface IEasel : IGrainWithStringKey
{
    [Alias("draw")]
    Task Draw(string name);

    /// <summary>Writes what cannot be kept, and answers with the refusal.</summary>
    [Alias("drawunkept")]
    Task<string> DrawUnkeptAndCatch(string name);

    [ReadOnly]
    [Alias("show")]
    Task<string> Show();
}
