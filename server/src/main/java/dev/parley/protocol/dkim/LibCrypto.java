package dev.parley.protocol.dkim;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.security.GeneralSecurityException;
import java.util.Optional;

/**
 * OpenSSL 3's libcrypto, where the machine has it: an RSA signature takes half of the JDK's time
 * there, and one of Ed25519 an eighth. Safe on every thread, as libcrypto is.
 */
@SuppressWarnings("restricted") // The launcher gives native access; without it the JDK signs.
final class LibCrypto {
  /** No signature of ours is longer: RSA has 2048 bits. */
  private static final int SIGNATURE_MAX = 1024;

  private static final Optional<LibCrypto> LOADED = load();

  private final MethodHandle readKey;
  private final MemorySegment freeKey;
  private final MethodHandle newContext;
  private final MethodHandle freeContext;
  private final MethodHandle init;
  private final MethodHandle sign;
  private final MemorySegment sha256;

  /** The library, or empty where there is none. */
  static Optional<LibCrypto> loaded() {
    return LOADED;
  }

  private static Optional<LibCrypto> load() {
    try {
      return Optional.of(
          new LibCrypto(SymbolLookup.libraryLookup("libcrypto.so.3", Arena.global())));
    } catch (Throwable _) {
      // Not there, or another one: the JDK signs as well.
      return Optional.empty();
    }
  }

  private LibCrypto(SymbolLookup library) throws Throwable {
    readKey =
        handle(
            library,
            "d2i_AutoPrivateKey",
            FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    freeKey = library.findOrThrow("EVP_PKEY_free");
    newContext = handle(library, "EVP_MD_CTX_new", FunctionDescriptor.of(ADDRESS));
    freeContext = handle(library, "EVP_MD_CTX_free", FunctionDescriptor.ofVoid(ADDRESS));
    init =
        handle(
            library,
            "EVP_DigestSignInit",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
    sign =
        handle(
            library,
            "EVP_DigestSign",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
    sha256 =
        (MemorySegment) handle(library, "EVP_sha256", FunctionDescriptor.of(ADDRESS)).invokeExact();
  }

  private static MethodHandle handle(SymbolLookup library, String name, FunctionDescriptor form) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), form);
  }

  /**
   * A key from its PKCS#8 bytes, freed when nobody holds it any more; empty when it is not taken.
   */
  Optional<MemorySegment> key(byte[] pkcs8) {
    try (var arena = Arena.ofConfined()) {
      var bytes = arena.allocateFrom(JAVA_BYTE, pkcs8);
      var at = arena.allocateFrom(ADDRESS, bytes);
      var key = (MemorySegment) readKey.invokeExact(MemorySegment.NULL, at, (long) pkcs8.length);
      bytes.fill((byte) 0);
      if (key.equals(MemorySegment.NULL)) {
        return Optional.empty();
      }
      var free = Linker.nativeLinker().downcallHandle(freeKey, FunctionDescriptor.ofVoid(ADDRESS));
      return Optional.of(key.reinterpret(Arena.ofAuto(), one -> freed(free, one)));
    } catch (Throwable e) {
      throw new IllegalStateException("The key cannot be given to libcrypto.", e);
    }
  }

  private static void freed(MethodHandle free, MemorySegment key) {
    try {
      free.invokeExact(key);
    } catch (Throwable e) {
      throw new IllegalStateException("The key cannot be freed.", e);
    }
  }

  /**
   * A signature of PKCS#1 over the SHA-256 of the bytes with an RSA key, or of Ed25519 over the
   * bytes themselves.
   */
  byte[] sign(MemorySegment key, boolean hashed, byte[] bytes) throws GeneralSecurityException {
    try (var arena = Arena.ofConfined()) {
      var context = (MemorySegment) newContext.invokeExact();
      try {
        var digest = hashed ? sha256 : MemorySegment.NULL;
        var ready =
            (int) init.invokeExact(context, MemorySegment.NULL, digest, MemorySegment.NULL, key);
        var signature = arena.allocate(SIGNATURE_MAX);
        var length = arena.allocateFrom(JAVA_LONG, SIGNATURE_MAX);
        var data = arena.allocateFrom(JAVA_BYTE, bytes);
        if (ready != 1
            || (int) sign.invokeExact(context, signature, length, data, (long) bytes.length) != 1) {
          throw new GeneralSecurityException("libcrypto does not sign");
        }
        return signature.asSlice(0, length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
      } finally {
        freeContext.invokeExact(context);
      }
    } catch (GeneralSecurityException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new GeneralSecurityException(e);
    }
  }
}
