package dev.parley.protocol.srtp;

/** The ciphers of one direction. */
record SrtpCiphers(SrtpCipher rtp, SrtpCipher rtcp) {
  static SrtpCiphers of(SrtpKeys keys) {
    var profile = keys.profile();
    var rtpKey = keys.derive(SrtpKeys.RTP_KEY, profile.keyBytes());
    var rtpSalt = keys.derive(SrtpKeys.RTP_SALT, profile.saltBytes());
    var rtcpKey = keys.derive(SrtpKeys.RTCP_KEY, profile.keyBytes());
    var rtcpSalt = keys.derive(SrtpKeys.RTCP_SALT, profile.saltBytes());
    return switch (profile) {
      case AEAD_AES_128_GCM ->
          new SrtpCiphers(
              new GcmCipher(rtpKey, rtpSalt, false), new GcmCipher(rtcpKey, rtcpSalt, true));
      case AES_CM_128_HMAC_SHA1_80 ->
          new SrtpCiphers(
              new CounterCipher(rtpKey, rtpSalt, keys.derive(SrtpKeys.RTP_AUTH, 20), false),
              new CounterCipher(rtcpKey, rtcpSalt, keys.derive(SrtpKeys.RTCP_AUTH, 20), true));
    };
  }
}
