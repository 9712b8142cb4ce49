using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo;

/// <summary>Makes the text of session tokens, and reads it: the router's, which knows the world's secret.</summary>
internal interface ISessionTokens
{
    /// <summary>Null while this process does not know the world's secret yet.</summary>
    string? Write(SessionFloors floors);

    /// <exception cref="GeoException"><see cref="GeoErrorCode.InvalidSession"/>; <see cref="GeoErrorCode.HomeUnavailable"/> while the secret is not known.</exception>
    SessionFloors Read(string token);
}
