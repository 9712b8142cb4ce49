using OrleansGeo.Protocol.Sessions;
using OrleansGeo.Runtime.Topology;

namespace OrleansGeo.Runtime.Routing;

/// <summary>Session tokens under the secret that came with the topology.</summary>
internal sealed class SessionTokens(CurrentTopology topology) : ISessionTokens
{
    public string? Write(SessionFloors floors) => topology.Decided.Secret is { IsEmpty: false } secret ? SessionToken.Create(floors, secret.Span) : null;

    public SessionFloors Read(string token)
    {
        if (topology.Decided.Secret is not { IsEmpty: false } secret)
        {
            throw new GeoException(new(
                GeoErrorCode.HomeUnavailable, "This process does not know its world yet, and cannot read session tokens before it does. Nothing happened; try again.", TimeSpan.FromSeconds(1)));
        }

        return SessionToken.TryRead(token, secret.Span, out var floors, out var problem)
            ? floors
            : throw new GeoException(new(GeoErrorCode.InvalidSession, $"The session token is refused: {problem}. Nothing happened; begin a new session without a token."));
    }
}
