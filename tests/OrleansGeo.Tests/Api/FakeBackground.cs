using System.Collections.Immutable;
using OrleansGeo.Runtime.Loops;

namespace OrleansGeo.Tests.Api;

/// <summary>Background work that fails when a test says so.</summary>
internal sealed class FakeBackground : IBackgroundHealth
{
    public ImmutableArray<FailingLoop> Failing { get; set; } = [];

    public ImmutableArray<FailingLoop> GetFailing() => Failing;
}
